import { library } from '@codebuddy/presets/tsup';

export default library({ index: 'src/index.ts', keyv: 'src/keyv.ts' });
