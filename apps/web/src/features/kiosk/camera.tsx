import { IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { useKioskText } from './texts.ts';
import { Press } from './ui.tsx';

// The reader comes from the plant's own server, never from outside.
prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) },
});

const options: ReaderOptions = {
  formats: ['QRCode', 'MicroQRCode', 'DataMatrix', 'Code128', 'Code39', 'EAN-13', 'ITF', 'Aztec'],
  tryHarder: true,
  maxNumberOfSymbols: 1,
};
const everyMs = 120;
const width = 960;

/** The tablet's camera as a scanner; ends with the first code. */
export default function Camera({ found, close }: { found: (code: string) => void; close: () => void }) {
  const t = useKioskText();
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  const latest = useRef(found);
  latest.current = found;
  useEffect(() => {
    let ended = false;
    let stream: MediaStream | null = null;
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const look = async () => {
      const element = video.current;
      if (ended || !element || !context) return;
      if (element.videoWidth > 0) {
        const scale = Math.min(1, width / element.videoWidth);
        canvas.width = Math.round(element.videoWidth * scale);
        canvas.height = Math.round(element.videoHeight * scale);
        context.drawImage(element, 0, 0, canvas.width, canvas.height);
        const codes = await readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), options).catch(
          () => [],
        );
        const code = codes.find((c) => c.isValid && c.text !== '')?.text;
        if (code !== undefined && !ended) return latest.current(code);
      }
      setTimeout(look, everyMs);
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 } }, audio: false })
      .then(
        (given) => {
          stream = given;
          if (ended || !video.current) return stopAll(given);
          video.current.srcObject = given;
          void video.current.play().catch(() => {});
          void look();
        },
        () => setRefused(true),
      );
    return () => {
      ended = true;
      if (stream) stopAll(stream);
    };
  }, []);
  return (
    <div className="k-camera">
      {refused ? <p className="k-problem">{t('kiosk.cameraRefused')}</p> : <video ref={video} muted playsInline />}
      <Press look="quiet" icon={IconX} onPress={close}>
        {t('kiosk.cancel')}
      </Press>
    </div>
  );
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
