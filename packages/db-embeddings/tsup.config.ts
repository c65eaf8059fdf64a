import { library } from '@codebuddy/presets/tsup';

export default library();
