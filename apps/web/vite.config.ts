import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { kioskWorker } from './scripts/kiosk-worker-plugin.ts';

const target = process.env.DEUNGDAE_API ?? 'http://127.0.0.1:7800';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), kioskWorker()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Fonts stay files: a plant's content policy need not allow data: addresses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 7801,
    proxy: { '/api': { target, ws: true } },
  },
});
