import { join } from 'node:path';

/** The built web, beside the server in the same checkout or package. */
export const webFolder = join(import.meta.dirname, '..', '..', 'web', 'dist');
