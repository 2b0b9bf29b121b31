import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes the plant file that a new plant begins with, when there is neither a file nor data; says whether it did. What
 * has data and no file is a plant whose file was lost or misnamed: that is for a person to mend.
 */
export async function writeStarterPlant(file: string, dataDir: string, language: string): Promise<boolean> {
  if (existsSync(file) || existsSync(join(dataDir, 'ledger.sqlite'))) return false;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  await writeFile(file, starterPlant(language, zone), { flag: 'wx', mode: 0o600 });
  return true;
}

/** A plant without machines: day shift, common reasons. `zone` is the server's own time zone. */
export function starterPlant(language: string, zone: string): string {
  // A server that runs on UTC tells nothing about where its plant stands.
  const timeZone = language === 'ko' && /^(Etc\/)?UTC$/.test(zone) ? 'Asia/Seoul' : zone;
  return file(language === 'ko' ? korean : english, timeZone);
}

const korean = {
  head: '등대 공장 파일. 화면에서도, 이 파일에서도 고칠 수 있고 주석은 그대로 남아요.',
  company: '우리 회사',
  connections: '설비와의 연결. 화면의 "설비 찾아 연결하기"가 여기에 적어요.',
  calendar: '근무 시간. 종합효율과 근무조별 수량이 이것을 따라요.',
  reasons: '설비가 멈춘 까닭. 사람이 고르는 목록이에요.',
  places: '공장, 구역, 라인, 설비. 화면에서 설비를 연결하면 여기에 생겨요.',
  plant: '우리 공장',
};
const english: typeof korean = {
  head: 'Deungdae plant file. Edit it on the screen or here; comments stay.',
  company: 'Our company',
  connections: 'Connections to machines. "Find and connect a machine" on the screen writes them here.',
  calendar: 'Working time. OEE and the counts of a shift follow it.',
  reasons: 'Why a machine stands: the list that people choose from.',
  places: 'Sites, areas, lines, machines. Connecting a machine on the screen adds it here.',
  plant: 'Our plant',
};

const file = (words: typeof korean, timeZone: string) => `# ${words.head}
deungdae: 1
enterprise:
  id: company
  name: ${words.company}

# ${words.connections}
connections: []

# ${words.calendar}
calendars:
  - id: day
    name: { ko: 주간 근무, en: Day work }
    shifts:
      - id: day
        name: { ko: 주간, en: Day }
        start: "08:00"
        end: "17:00"
        days: [mon, tue, wed, thu, fri]
        breaks:
          - { start: "12:00", end: "13:00", name: { ko: 점심, en: Lunch } }

# ${words.reasons}
downtimeReasons:
  - id: breakdown
    name: { ko: 설비 고장, en: Breakdown }
    loss: breakdown
  - id: setup
    name: { ko: 준비·교체, en: Set-up and changeover }
    loss: setup
  - id: material
    name: { ko: 자재 대기, en: Waiting for material }
    loss: minorStop
  - id: quality
    name: { ko: 품질 확인, en: Quality check }
    loss: minorStop
  - id: planned
    name: { ko: 계획정지, en: Planned stop }
    loss: planned

# ${words.places}
sites:
  - id: plant
    name: ${words.plant}
    timeZone: ${timeZone}
    calendar: day
    areas: []
`;
