import { unit } from '@codebuddy/presets/vitest';

export default unit();
