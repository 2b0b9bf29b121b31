export const plantFileText = `# 한빛 김천공장. 주석은 그대로 남아요.
deungdae: 1
enterprise:
  id: hanbit
  name: { ko: 한빛캐스터, en: Hanbit Caster }

connections:
  - id: molding-opcua
    type: opcua
    endpoint: opc.tcp://127.0.0.1:4840
    security: SignAndEncrypt
  - id: heat-modbus
    type: modbus
    host: 192.168.0.41

types:
  - id: moulder
    signals:
      - id: barrel-temp-1
        name: { ko: 실린더온도 1, en: Barrel temperature 1 }
        unit: Cel
        limits: { min: 0, max: 300 }
        alarms:
          - id: high
            type: high
            limit: 232 # 사출 기술팀과 정한 값
            priority: high
    state: { preset: runningBit, signal: running }

sites:
  - id: gimcheon
    name: { ko: 한빛 김천공장, en: Hanbit Gimcheon }
    timeZone: Asia/Seoul
    areas:
      - id: molding
        name: { ko: 사출, en: Moulding }
        equipment:
${Array.from({ length: 6 }, (_, i) => `          - id: imm-0${i + 1}\n            name: { ko: 사출 ${i + 1}호기, en: Moulder ${i + 1} }\n            type: moulder\n            connection: molding-opcua`).join('\n')}
`;

const security = {
  type: 'string',
  enum: ['None', 'Sign', 'SignAndEncrypt'],
  default: 'SignAndEncrypt',
  description: 'How the talk with the server is protected.',
};
export const configSchemas = [
  {
    type: 'opcua',
    discovers: true,
    address: {},
    config: {
      type: 'object',
      required: ['endpoint'],
      properties: {
        endpoint: { type: 'string', description: 'Address of the server, such as opc.tcp://192.168.0.10:4840' },
        security,
        user: { type: 'string', description: 'User name, when the server asks for one.' },
        password: { type: 'string', secret: true },
        samplingMs: {
          type: 'integer',
          minimum: 10,
          maximum: 60000,
          default: 500,
          description: 'How often the server looks at a value, ms.',
        },
      },
    },
  },
  {
    type: 'modbus',
    discovers: true,
    address: {},
    config: {
      type: 'object',
      required: ['host'],
      properties: {
        host: { type: 'string' },
        port: { type: 'integer', default: 502 },
        unit: { type: 'integer', default: 1 },
        keepAlive: { type: 'boolean', default: true },
      },
    },
  },
  {
    type: 'file',
    discovers: false,
    address: {},
    config: { type: 'object', required: ['path'], properties: { path: { type: 'string' } } },
  },
];

export const proposals = Array.from({ length: 60 }, (_, i) => ({
  id: `zone-${i + 1}-temp`,
  name: `Zone ${i + 1} Temperature`,
  kind: 'number' as const,
  unit: 'Cel',
  devicePath: ['Objects', 'Machine', i < 30 ? 'Barrel' : 'Mould', `Zone${i + 1}`],
  address: { node: `ns=2;s=Zone${i + 1}` },
  value: (180 + i).toFixed(1),
}));

export const reasons = [
  { id: 'machine', name: { ko: '설비', en: 'Machine' }, loss: 'breakdown', parent: null },
  { id: 'breakdown', name: { ko: '설비고장', en: 'Machine breakdown' }, loss: 'breakdown', parent: 'machine' },
  { id: 'power', name: { ko: '정전', en: 'Power failure' }, loss: 'breakdown', parent: 'machine' },
  { id: 'prepare', name: { ko: '준비', en: 'Preparation' }, loss: 'setup', parent: null },
  { id: 'mould-change', name: { ko: '금형교체', en: 'Mould change' }, loss: 'setup', parent: 'prepare' },
  { id: 'changeover', name: { ko: '품종교체', en: 'Change-over' }, loss: 'setup', parent: 'prepare' },
  { id: 'supply', name: { ko: '자재·인력', en: 'Supply' }, loss: 'minorStop', parent: null },
  { id: 'material', name: { ko: '자재대기', en: 'Waiting for material' }, loss: 'minorStop', parent: 'supply' },
  { id: 'staff', name: { ko: '인력부족', en: 'Staff shortage' }, loss: 'minorStop', parent: 'supply' },
  { id: 'quality', name: { ko: '품질문제', en: 'Quality problem' }, loss: 'productionReject', parent: null },
];
