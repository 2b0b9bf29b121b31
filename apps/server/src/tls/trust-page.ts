import { createHash } from 'node:crypto';
import { qrCode, runsOf } from '@deungdae/inventory/module.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PlantAuthority } from './authority.ts';
import { hostNames, reachableAddress } from './host-names.ts';
import { trustTexts } from './trust-texts.ts';

/** Paths that a device may have over the plain port before it trusts the server. */
export function isTrustPath(url: string): boolean {
  return /^\/trust(\/(check\.js|ping|ca\.(crt|pem|mobileconfig)))?(\?|$)/.test(url);
}

/** `/trust`, open to anybody: how a tablet comes to trust this server. Nothing here is secret. */
export function serveTrust(server: FastifyInstance, authority: PlantAuthority, httpsPort: () => number): void {
  server.get('/trust', async (request, reply) => {
    const host = hostOf(request);
    const secure = `https://${host}:${httpsPort()}`;
    reply.header(
      'content-security-policy',
      `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'self'; connect-src ${secure}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    );
    return reply.type('text/html; charset=utf-8').send(page(authority, secure, languageOf(request)));
  });
  server.get('/trust/check.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(checkScript),
  );
  server.get('/trust/ping', async (_request, reply) =>
    reply
      .headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' })
      .send('trusted'),
  );
  server.get('/trust/ca.pem', async (_request, reply) =>
    file(reply, 'ca.pem', 'application/x-pem-file').send(authority.caPem),
  );
  server.get('/trust/ca.crt', async (_request, reply) =>
    file(reply, 'ca.crt', 'application/x-x509-ca-cert').send(Buffer.from(authority.caDer)),
  );
  server.get('/trust/ca.mobileconfig', async (_request, reply) =>
    file(reply, 'ca.mobileconfig', 'application/x-apple-aspen-config').send(mobileConfig(authority)),
  );
}

function file(reply: FastifyReply, name: string, type: string) {
  return reply.type(type).header('content-disposition', `attachment; filename="deungdae-${name}"`);
}

/** The name that the device used, as far as it is one; else the address that others reach. */
function hostOf(request: FastifyRequest): string {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return /^([a-z0-9.-]{1,253}|\[[0-9a-f:]+\])$/i.test(host) ? host : reachableAddress(hostNames());
}

function languageOf(request: FastifyRequest): keyof typeof trustTexts {
  const asked = (request.query as { lang?: unknown }).lang;
  const wanted = typeof asked === 'string' ? asked : (request.headers['accept-language'] ?? 'ko');
  return (['ko', 'en', 'vi'] as const).find((l) => wanted.toLowerCase().startsWith(l)) ?? (asked ? 'en' : 'ko');
}

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!);

function qrSvg(text: string): string {
  const matrix = qrCode(text);
  const path = [...runsOf(matrix)].map(([x, y, n]) => `M${x + 4} ${y + 4}h${n}v1h-${n}z`).join('');
  const size = matrix.width + 8;
  return `<svg viewBox="0 0 ${size} ${size}" width="180" height="180" role="img" aria-label="${escaped(text)}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
}

function page(authority: PlantAuthority, secure: string, language: keyof typeof trustTexts): string {
  const t = trustTexts[language];
  const here = secure.replace(/^https/, 'http');
  const devices = t.devices
    .map(
      (
        d,
      ) => `<details><summary>${escaped(d.name)}</summary><p><a class="button" href="/trust/${d.file}">${escaped(t.download)}</a></p>
<ol>${d.steps.map((s) => `<li>${escaped(s)}</li>`).join('')}</ol></details>`,
    )
    .join('\n');
  const languages = (['ko', 'en', 'vi'] as const)
    .map((l) => `<a href="?lang=${l}" lang="${l}">${{ ko: '한국어', en: 'English', vi: 'Tiếng Việt' }[l]}</a>`)
    .join(' · ');
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(t.title)}</title><style>
:root{color-scheme:light dark;font:17px/1.55 system-ui,"Noto Sans KR",sans-serif}body{max-width:44rem;margin:0 auto;padding:1.2rem}
h1{font-size:1.5rem}.state{padding:1rem;border:2px solid;border-radius:.5rem;font-size:1.2rem;font-weight:600}
.state[data-state=yes]{border-color:#15803d}.state[data-state=no]{border-color:#b45309}code{overflow-wrap:anywhere}
summary{font-size:1.15rem;font-weight:600;padding:.8rem 0;cursor:pointer}details{border-top:1px solid #8886}li{margin:.5rem 0}
.button{display:inline-block;padding:.7rem 1.2rem;border-radius:.4rem;background:#1d4ed8;color:#fff;text-decoration:none}
</style></head><body><nav>${languages}</nav><h1>${escaped(t.title)}</h1><p>${escaped(t.intro)}</p>
<p class="state" id="state" role="status" data-state="?" data-ping="${escaped(secure)}/trust/ping" data-yes="${escaped(t.trusted)}" data-no="${escaped(t.notYet)}">${escaped(t.checking)}</p>
<p id="open" hidden><a class="button" href="${escaped(secure)}/">${escaped(t.open)}</a> <code>${escaped(secure)}</code></p>
${devices}
<h2>${escaped(t.fingerprint)}</h2><p>${escaped(authority.name)}<br><code>${authority.fingerprint}</code></p><p>${escaped(t.compare)}</p>
<p><a href="/trust/ca.pem">.pem</a> · <a href="/trust/ca.crt">.crt</a> · <a href="/trust/ca.mobileconfig">.mobileconfig</a></p>
<h2>${escaped(t.scan)}</h2><p>${qrSvg(`${secure}/`)}</p><p><code>${escaped(here.replace(/:\d+$/, ''))} → ${escaped(secure)}</code></p>
<script src="/trust/check.js" defer></script></body></html>`;
}

/** Asks the encrypted port every three seconds; the browser answers only when it trusts the certificate. */
const checkScript = `const state = document.getElementById('state');
async function look() {
  let yes = false;
  try { yes = (await (await fetch(state.dataset.ping, { cache: 'no-store' })).text()) === 'trusted'; } catch {}
  state.dataset.state = yes ? 'yes' : 'no';
  state.textContent = yes ? state.dataset.yes : state.dataset.no;
  document.getElementById('open').hidden = !yes;
  if (!yes) setTimeout(look, 3000);
}
look();
const agent = navigator.userAgent;
const mine = /Android/.test(agent) ? 0 : /iPad|iPhone|Macintosh/.test(agent) ? 1 : 2;
document.querySelectorAll('details')[mine].open = true;
`;

/** A profile that installs the authority on Apple's devices; its ids follow the certificate, so it replaces itself. */
function mobileConfig(authority: PlantAuthority): string {
  const id = (use: string) => {
    const hex = createHash('sha256').update(authority.caDer).update(use).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`.toUpperCase();
  };
  const name = escaped(authority.name);
  const entry = (key: string, value: string) => `<key>${key}</key>${value}`;
  const text = (value: string) => `<string>${value}</string>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>${entry(
    'PayloadContent',
    `<array><dict>${entry('PayloadCertificateFileName', text('ca.crt'))}${entry(
      'PayloadContent',
      `<data>${Buffer.from(authority.caDer).toString('base64')}</data>`,
    )}${entry('PayloadDisplayName', text(name))}${entry('PayloadIdentifier', text(`deungdae.ca.${id('c')}`))}${entry('PayloadType', text('com.apple.security.root'))}${entry('PayloadUUID', text(id('c')))}${entry('PayloadVersion', '<integer>1</integer>')}</dict></array>`,
  )}${entry('PayloadDisplayName', text(name))}${entry('PayloadIdentifier', text(`deungdae.profile.${id('p')}`))}${entry('PayloadType', text('Configuration'))}${entry('PayloadUUID', text(id('p')))}${entry('PayloadVersion', '<integer>1</integer>')}</dict></plist>
`;
}
