import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** After `npm ci`: builds the web, so that `npm start` shows a page at once. */
const root = join(import.meta.dirname, '..');
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
if (!existsSync(vite)) {
  process.stdout.write(
    'web not built: vite is not installed (production install); put a built apps/web/dist beside it\n',
  );
} else {
  const result = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'apps/web'),
    stdio: 'inherit',
  });
  process.exitCode = result.status ?? 1;
}
