import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CardIndex } from './domain/card-index.ts';
import { grams, initialsOf, letters, mistypedKorean, words } from './domain/korean-text.ts';

test('letters, initial consonants, particles, and the keyboard left in English', () => {
  assert.equal(letters('금형'), 'ㄱㅡㅁㅎㅕㅇ');
  assert.equal(letters('원료'), 'ㅇㅜㅓㄴㄹㅛ');
  assert.equal(initialsOf('사출기2'), 'ㅅㅊㄱ2');
  assert.deepEqual(words('금형에서 버를 제거하고, 실린더의 온도가'), ['금형', '버를', '제거', '실린더', '온도']);
  assert.equal(mistypedKorean('qjfl'), letters('버리'));
  assert.equal(mistypedKorean('rmagud'), letters('금형'));
  assert.equal(mistypedKorean('a1'), null);
  assert.deepEqual(grams('버'), ['^ㅂㅓ', 'ㅂㅓ$']);
});

/** Cards as a moulding shop, a press line and a heat-treatment shop would write them: id, symptom, cause, action. */
const cards = [
  ['burr', '파팅라인에 버(Burr)가 생김', '형체력 부족, 사출압 과다', '형체력을 5톤 올리고 보압을 낮춘다'],
  ['short', '제품 끝이 덜 찬다 (미성형)', '수지 온도가 낮거나 계량 부족', '실린더 3번 존을 10도 올리고 계량을 늘린다'],
  ['silver', '표면에 은줄이 보임', '원료 건조 부족', '건조기 80도에서 4시간 다시 건조'],
  ['sink', '보스 뒷면이 움푹 들어감 (수축)', '보압 시간이 짧음', '보압 시간을 2초 늘리고 게이트 온도 확인'],
  ['weld', '게이트 반대쪽에 웰드라인', '충전 속도가 느림', '사출 속도 2단을 올린다'],
  ['gas', '가스 자국, 탄 자국', '벤트 막힘', '금형 벤트를 청소하고 사출 속도를 낮춘다'],
  ['stuck', '제품이 금형에 붙어 안 빠진다', '이젝터 핀 마모, 냉각 부족', '이젝터 핀 교체, 냉각수 유량 확인'],
  ['hopper', '호퍼에서 원료가 안 내려온다', '원료 브릿지', '호퍼를 두드리고 교반기를 켠다'],
  ['oil', '유압유 온도가 올라감', '오일 쿨러 막힘', '쿨러 청소, 냉각수 압력 확인'],
  ['press-burr', '프레스 전단면 버 높이 초과', '펀치 날 마모', '펀치를 재연마한다'],
  ['crack', '굽힘부에 크랙', '소재 압연 방향이 다름', '소재 방향을 돌려 넣는다'],
  ['misfeed', '코일 이송 불량으로 미스피드', '피더 롤 압력 부족', '롤 압력 0.1MPa 올림'],
  ['hard', '경도가 낮게 나옴', '담금질 유온이 높음', '유온을 60도 이하로 낮추고 다시 열처리'],
  ['distort', '열처리 후 변형이 큼', '적재가 한쪽으로 몰림', '지그에 균등하게 올린다'],
  ['carbon', '침탄 깊이 부족', '카본 포텐셜이 낮음', '프로판 유량을 올리고 산소 센서를 점검'],
  ['noise', '모터에서 소음과 진동', '베어링 그리스 부족', '그리스를 넣고 진동 값을 다시 잰다'],
  ['belt', '컨베이어 벨트가 한쪽으로 쏠린다', '텐션 불균형', '좌우 장력 볼트를 맞춘다'],
  ['sensor', '근접 센서가 가끔 안 잡는다', '센서에 칩이 묻음', '센서를 닦고 간격 2mm로 조정'],
  ['air', '에어 압력이 떨어져 실린더가 느리다', '배관 누설', '누설 부위를 찾아 피팅을 조인다'],
  ['label', '라벨이 비뚤게 붙는다', '롤 클러치 마모', '클러치 패드 교체'],
] as const;

/** As operators type: with endings, particles, slips, initial consonants, English keyboard, half sentences. */
const questions: readonly [query: string, card: string][] = [
  ['버가 나와요', 'burr'],
  ['파팅라인 burr', 'burr'],
  ['미성형 발생', 'short'],
  ['제품이 덜 찼어요', 'short'],
  ['은줄', 'silver'],
  ['표면 은줄 건조', 'silver'],
  ['수축 심함', 'sink'],
  ['웰드라인이 보여요', 'weld'],
  ['ㅇㄷㄹㅇ', 'weld'],
  ['가스자국', 'gas'],
  ['벤트 막혔을때', 'gas'],
  ['금형에 제품이 붙음', 'stuck'],
  ['이젝터핀', 'stuck'],
  ['원료가 안내려와요', 'hopper'],
  ['유압유 온도 높음', 'oil'],
  ['프레스 버 높이', 'press-burr'],
  ['펀치 마모', 'press-burr'],
  ['굽힘 크렉', 'crack'],
  ['미스피드', 'misfeed'],
  ['경도 낮음', 'hard'],
  ['열처리 변형', 'distort'],
  ['침탄깊이', 'carbon'],
  ['모터 소음', 'noise'],
  ['베아링 소리', 'noise'],
  ['벨트 쏠림', 'belt'],
  ['센서가 안잡혀요', 'sensor'],
  ['에어 누설', 'air'],
  ['라벨 삐뚤어짐', 'label'],
  ['qjxm', 'none'],
  ['ghvj dnjsfy', 'hopper'],
];

test('the right card is among the first three, for words as operators type them', () => {
  const index = new CardIndex();
  for (const [id, symptom, cause, action] of cards)
    index.put({
      id,
      fields: [
        { text: symptom, weight: 3 },
        { text: cause, weight: 2 },
        { text: action, weight: 1 },
      ],
    });
  const missed = questions
    .filter(([, card]) => card !== 'none')
    .map(([query, card]) => ({ query, card, found: index.search(query, 3).map((hit) => hit.id) }))
    .filter(({ card, found }) => !found.includes(card));
  assert.deepEqual(missed, []);
  const first = questions.filter(([query, card]) => index.search(query, 1)[0]?.id === card).length;
  assert.ok(first >= 24, `${first} of ${questions.length - 1} stand first`);
  assert.deepEqual(index.search('세탁기 할인', 3), [], 'what nobody wrote about finds nothing');
  index.remove('burr');
  assert.ok(!index.search('파팅라인', 3).some((hit) => hit.id === 'burr'));
});
