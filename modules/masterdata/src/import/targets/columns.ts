import type { ImportColumn, ImportType } from '../../import-target.ts';

type More = Partial<Pick<ImportColumn, 'required' | 'choices' | 'refers' | 'many' | 'help'>>;

/** A column; `also` are further names that files give it, separated by blanks. */
export function column(id: string, type: ImportType, ko: string, en: string, also = '', more: More = {}): ImportColumn {
  return { id, type, name: { ko, en }, aliases: also.split(' ').filter(Boolean), ...more };
}

/** A value of a choice, likewise. */
export function choice(value: string, ko: string, en: string, also = '') {
  return { value, name: { ko, en }, aliases: also.split(' ').filter(Boolean) };
}

export const must = { required: true } as const;
export const many = { many: true } as const;
export const refersItem = { refers: 'item' } as const;

export const itemNames =
  '품번 품목번호 품목 자재코드 자재번호 제품코드 부품번호 partno partnumber part itemno itemcode material 도번';

/** Columns of every kind: revision, first day, in use. */
export const revisionColumns: readonly ImportColumn[] = [
  column('revision', 'code', '차수', 'revision', '리비전 개정 rev revno 버전'),
  column('validFrom', 'day', '적용일', 'valid from', '적용일자 적용시작일 시작일 effective effectivefrom'),
  column('active', 'boolean', '사용여부', 'in use', '사용 사용유무 active'),
];

export const spellings = {
  name: '품명 품목명 명칭 이름 자재명 제품명 name description',
  unit: '단위 재고단위 uom unit',
};
