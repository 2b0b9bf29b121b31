import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type FileConnector, connector as fileDefinition } from '@deungdae/connector-file/connector.ts';
import { planReplay, type ReplayNote } from '@deungdae/connector-file/replay-plan.ts';
import { createSupervisor } from '@deungdae/connector-kit/supervisor.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { openPlantCore } from '../plant-core.ts';
import { buildReport } from '../report.ts';
import { printReport } from '../report-text.ts';
import { progressBar, say } from '../terminal.ts';

/** Replays a log through the very path that live machines take, then reports what was in it. */
export async function run(args: string[], language: string): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      devices: { type: 'string' },
      speed: { type: 'string', default: 'max' },
      data: { type: 'string' },
      encoding: { type: 'string', default: 'utf-8' },
      zone: { type: 'string', default: 'UTC' },
      json: { type: 'boolean', default: false },
    },
  });
  const path = positionals[0] ?? '.';
  const dataDir = resolve(values.data ?? join('data', 'replay', resolve(path).split('/').at(-1)!));
  const plan = await planReplay({
    path,
    timeZone: values.zone,
    encoding: values.encoding === 'cp949' ? 'cp949' : 'utf-8',
    ...(values.devices ? { devices: values.devices } : {}),
  });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const plantFile = join(dataDir, 'plant.yaml');
  const speed = values.speed === 'max' || values.speed === 'original' ? values.speed : Number(values.speed);
  if (!existsSync(plantFile)) await writeFile(plantFile, plan.plantYaml.replace(/^(\s*speed: ).*$/m, `$1${speed}`));
  say(
    language === 'ko'
      ? `${plan.files.length}개 파일, ${plan.lines.toLocaleString('en')}줄, 태그 ${plan.tags}개`
      : `${plan.files.length} files, ${plan.lines.toLocaleString('en')} lines, ${plan.tags} tags`,
  );
  for (const note of plan.notes) say(`  ${noteText(note, language)}`);

  const log = createLogger({ level: 'error' });
  const core = await openPlantCore({ dataDir, plantFile, clock: systemClock, log, language });
  const received = new Map<number, number>();
  const connectors: FileConnector[] = [];
  const supervisor = createSupervisor({
    stream: {
      ingest: async (batch) => {
        await core.stream.ingest(batch);
        for (let i = 0; i < batch.length; i++)
          received.set(batch.signals[i]!, (received.get(batch.signals[i]!) ?? 0) + 1);
      },
    },
    connectors: [
      {
        type: 'file',
        definition: {
          ...fileDefinition,
          create: (options: never) => remembered(fileDefinition.create(options) as FileConnector, connectors),
        } as never,
      },
    ],
    stateDir: join(dataDir, 'connections'),
    clock: systemClock,
    log,
    workers: 0,
  });
  try {
    const started = performance.now();
    await supervisor.apply([...core.host.model.connections.values()]);
    const progress = progressBar(language === 'ko' ? '재생' : 'replay');
    for (;;) {
      await systemClock.sleep(50);
      const at = connectors.at(-1)?.progress();
      if (at) progress(Math.min(0.999, at.lines / Math.max(1, plan.lines)));
      const [health] = supervisor.health(language);
      if (health?.status === 'lost' && health.lastError)
        throw new CodedError(health.lastError.code, health.lastError.params);
      if (connectors.at(-1)?.done) break;
    }
    progress(1);
    await core.stream.drain();
    const seconds = (performance.now() - started) / 1000;
    const { lines, rejected } = connectors.at(-1)!.progress();
    say(
      `${lines.toLocaleString('en')} ${language === 'ko' ? '줄' : 'lines'}, ${rejected} ${language === 'ko' ? '줄 거절' : 'rejected'}, ${seconds.toFixed(1)} s, ${Math.round(lines / seconds).toLocaleString('en')} /s`,
    );
    await core.settle();
    const report = await buildReport(core, received);
    if (values.json) say(JSON.stringify(report, null, 2));
    else printReport(report, language);
  } finally {
    await supervisor.close();
    await core.close();
  }
  say(
    language === 'ko'
      ? `\n화면으로 보기: deungdae start --plant ${plantFile} --data ${dataDir}`
      : `\nLook at it: deungdae start --plant ${plantFile} --data ${dataDir}`,
  );
}

function remembered(connector: FileConnector, list: FileConnector[]): FileConnector {
  list.push(connector);
  return connector;
}

function noteText(note: ReplayNote, language: string): string {
  const ko = language === 'ko';
  switch (note.kind) {
    case 'deviceModel':
      return ko
        ? `장비 모델 ${note.device} (${note.items}개 항목)`
        : `device model ${note.device} (${note.items} items)`;
    case 'noDeviceModel':
      return ko
        ? '장비 모델 없음: 기록의 태그로 신호를 만들었어요'
        : 'no device model: signals made from the tags of the log';
    case 'notInModel':
      return ko ? `모델에 없는 태그 ${note.tag} → ${note.as}` : `tag not in the model: ${note.tag} → ${note.as}`;
    case 'kindFromLog':
      return `${note.tag}: ${note.model} → ${note.as}`;
    case 'rejectedLines':
      return ko
        ? `읽을 수 없는 줄 ${note.count}개 (rejects.ndjson 에 파일·줄·이유)`
        : `${note.count} lines cannot be read (file, line and reason in rejects.ndjson)`;
  }
}
