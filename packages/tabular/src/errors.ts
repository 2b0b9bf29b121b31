import { defineErrors } from '@deungdae/kernel/errors.ts';

export const tabularError = defineErrors({
  'tabular.password': {
    ko: '{name}에 암호가 걸려 있어 읽을 수 없습니다.',
    en: '{name} is protected by a password and cannot be read.',
    doKo: 'Excel에서 파일 > 정보 > 통합 문서 보호 > 암호 설정에서 암호를 지우고 저장한 뒤 다시 올리세요.',
    doEn: 'In Excel, remove the password under File > Info > Protect Workbook, save, and give the file again.',
  },
  'tabular.oldExcel': {
    ko: '{name}은(는) 옛 Excel 형식(.xls)입니다.',
    en: '{name} is in the old Excel format (.xls).',
    doKo: 'Excel에서 열어 “Excel 통합 문서(.xlsx)”로 저장한 뒤 다시 올리세요.',
    doEn: 'Open it in Excel, save it as “Excel Workbook (.xlsx)”, and give that file.',
  },
  'tabular.binaryExcel': {
    ko: '{name}은(는) 바이너리 Excel 형식(.xlsb)이라 읽을 수 없습니다.',
    en: '{name} is a binary Excel workbook (.xlsb), which cannot be read.',
    doKo: 'Excel에서 열어 “Excel 통합 문서(.xlsx)”로 저장한 뒤 다시 올리세요.',
    doEn: 'Open it in Excel, save it as “Excel Workbook (.xlsx)”, and give that file.',
  },
  'tabular.webPage': {
    ko: '{name}은(는) 확장자만 Excel이고 실제로는 웹 페이지(HTML)입니다.',
    en: '{name} only calls itself a spreadsheet; it is a web page (HTML).',
    doKo: 'Excel에서 열어 “Excel 통합 문서(.xlsx)”로 저장한 뒤 다시 올리세요.',
    doEn: 'Open it in Excel, save it as “Excel Workbook (.xlsx)”, and give that file.',
  },
  'tabular.unknownFormat': {
    ko: '{name}은(는) 표로 읽을 수 있는 파일이 아닙니다.',
    en: '{name} is not a file that can be read as a table.',
    doKo: 'XLSX나 CSV 파일을 올리세요.',
    doEn: 'Give an XLSX or CSV file.',
  },
  'tabular.damaged': {
    ko: '{name} 파일이 손상되었습니다: {detail}',
    en: 'The file {name} is damaged: {detail}',
    doKo: 'Excel에서 열어 다시 저장한 뒤 올리세요. 열리지 않으면 원본을 다시 받으세요.',
    doEn: 'Open it in Excel, save it again and give that; if it does not open, get the original anew.',
  },
  'tabular.tooLarge': {
    ko: '{name} 파일은 풀면 {mb} MB보다 커서 읽지 않습니다.',
    en: 'Unpacked, the file {name} is larger than {mb} MB and is not read.',
    doKo: '필요한 시트만 남기거나 여러 파일로 나누세요.',
    doEn: 'Keep only the sheet that is needed, or split the file.',
  },
  'tabular.tooManyRows': {
    ko: '시트에 {limit}행보다 많은 행이 있습니다.',
    en: 'The sheet has more than {limit} rows.',
    doKo: '여러 파일로 나누어 올리세요.',
    doEn: 'Split it into several files.',
  },
  'tabular.noSheet': {
    ko: '시트 {sheet}이(가) 없습니다.',
    en: 'There is no sheet {sheet}.',
    doKo: '시트를 다시 고르세요.',
    doEn: 'Choose the sheet again.',
  },
  'tabular.openQuote': {
    ko: '{line}행에서 열린 따옴표가 닫히지 않았습니다.',
    en: 'A quotation mark opened in line {line} is never closed.',
    doKo: '그 행의 따옴표를 고친 뒤 다시 올리세요.',
    doEn: 'Correct the quotation mark in that line and give the file again.',
  },
  // What is wrong with one cell.
  'tabular.formulaError': {
    ko: '수식 오류 {value}입니다.',
    en: 'The formula gives the error {value}.',
    doKo: 'Excel에서 수식을 고치거나 값으로 바꿔 저장하세요.',
    doEn: 'Correct the formula in Excel, or replace it by its value.',
  },
  'tabular.formulaNoValue': {
    ko: '계산되지 않은 수식입니다.',
    en: 'The formula was never calculated.',
    doKo: 'Excel에서 열어 계산(F9)한 뒤 저장하세요.',
    doEn: 'Open the file in Excel, calculate (F9), and save it.',
  },
  'tabular.formulaLies': {
    ko: '저장된 값 “{value}”이(가) 셀의 형식과 맞지 않습니다.',
    en: 'The stored value “{value}” does not agree with the type of the cell.',
    doKo: 'Excel에서 열어 다시 계산해 저장하거나 값을 직접 넣으세요.',
    doEn: 'Open the file in Excel, calculate and save again, or type the value.',
  },
  'tabular.badLetters': {
    ko: '글자가 깨져 있습니다: “{value}”',
    en: 'The letters are garbled: “{value}”',
    doKo: '파일을 UTF-8이나 한국어(CP949)로 다시 저장하세요.',
    doEn: 'Save the file as UTF-8 or Korean (CP949).',
  },
  'tabular.notNumber': {
    ko: '“{value}”은(는) 숫자가 아닙니다.',
    en: '“{value}” is not a number.',
    doKo: '숫자만 넣으세요. 단위는 열 이름에 적습니다.',
    doEn: 'Give the number alone; the unit belongs in the heading.',
  },
  'tabular.notInteger': {
    ko: '“{value}”은(는) 정수가 아닙니다.',
    en: '“{value}” is not a whole number.',
    doKo: '소수점 없이 넣으세요.',
    doEn: 'Give it without decimals.',
  },
  'tabular.notDay': {
    ko: '“{value}”을(를) 날짜로 읽을 수 없습니다.',
    en: '“{value}” cannot be read as a date.',
    doKo: '2026-11-25처럼 적으세요.',
    doEn: 'Write it as 2026-11-25.',
  },
  'tabular.ambiguousDay': {
    ko: '“{value}”은(는) 월과 일의 순서를 알 수 없습니다.',
    en: 'In “{value}” it is not clear which is the day and which the month.',
    doKo: '2026-11-25처럼 적으세요.',
    doEn: 'Write it as 2026-11-25.',
  },
  'tabular.notTime': {
    ko: '“{value}”을(를) 시각으로 읽을 수 없습니다.',
    en: '“{value}” cannot be read as a time.',
    doKo: '2026-11-25 14:30처럼 적으세요.',
    doEn: 'Write it as 2026-11-25 14:30.',
  },
  'tabular.notBoolean': {
    ko: '“{value}”을(를) 예/아니오로 읽을 수 없습니다.',
    en: '“{value}” cannot be read as yes or no.',
    doKo: 'Y 또는 N으로 적으세요.',
    doEn: 'Write Y or N.',
  },
  'tabular.textTooLong': {
    ko: '{limit}자보다 깁니다.',
    en: 'It is longer than {limit} characters.',
    doKo: '내용을 줄이세요.',
    doEn: 'Shorten it.',
  },
});
