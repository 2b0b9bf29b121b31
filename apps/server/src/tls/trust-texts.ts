/** Words of the page that a device opens before it trusts the server; it cannot use the application's texts yet. */
export interface TrustTexts {
  title: string;
  intro: string;
  fingerprint: string;
  compare: string;
  download: string;
  checking: string;
  trusted: string;
  notYet: string;
  open: string;
  scan: string;
  devices: { name: string; file: 'ca.crt' | 'ca.mobileconfig'; steps: string[] }[];
}

export const trustTexts: Record<'ko' | 'en' | 'vi', TrustTexts> = {
  ko: {
    title: '이 기기에서 등대를 안전하게 쓰기',
    intro: '카메라와 오프라인 입력은 암호화된 주소에서만 됩니다. 아래 순서대로 공장 인증서를 한 번만 설치하세요.',
    fingerprint: '인증서 지문 (SHA-256)',
    compare: '설치할 때 기기에 나오는 지문이 관리자 화면의 지문과 같은지 확인하세요. 다르면 설치하지 마세요.',
    download: '인증서 내려받기',
    checking: '이 기기가 서버를 믿는지 확인하는 중…',
    trusted: '✔ 이 기기는 준비되었습니다.',
    notYet: '✖ 아직 이 기기에 인증서가 없습니다. 설치하면 저절로 바뀝니다.',
    open: '등대 열기',
    scan: '다른 기기에서는 이 코드를 찍으세요',
    devices: [
      {
        name: 'Android (Chrome)',
        file: 'ca.crt',
        steps: [
          '인증서를 내려받습니다.',
          '설정 → 보안 및 개인정보 보호 → 기타 보안 설정 → 휴대전화 저장공간에서 설치 → CA 인증서를 누릅니다. (기기마다 이름이 조금 다릅니다. 설정에서 “CA 인증서”를 검색하세요.)',
          '“무시하고 설치”를 누르고 내려받은 파일을 고릅니다.',
          '이 페이지로 돌아와 초록색 표시를 확인합니다.',
        ],
      },
      {
        name: 'iPad · iPhone',
        file: 'ca.mobileconfig',
        steps: [
          'Safari로 이 페이지를 열고 프로파일을 내려받아 “허용”을 누릅니다.',
          '설정 → 일반 → VPN 및 기기 관리에서 내려받은 프로파일을 설치합니다.',
          '설정 → 일반 → 정보 → 인증서 신뢰 설정에서 이 인증서를 켭니다. 이 단계를 빠뜨리면 믿지 않습니다.',
          '이 페이지로 돌아와 초록색 표시를 확인합니다.',
        ],
      },
      {
        name: 'Windows',
        file: 'ca.crt',
        steps: [
          '인증서를 내려받아 두 번 누르고 “인증서 설치”를 누릅니다.',
          '“로컬 컴퓨터” → “모든 인증서를 다음 저장소에 저장” → “신뢰할 수 있는 루트 인증 기관”을 고릅니다.',
          '브라우저를 완전히 닫았다가 이 페이지를 다시 엽니다.',
        ],
      },
    ],
  },
  en: {
    title: 'Use Deungdae safely on this device',
    intro:
      'Camera and offline entry work only at the encrypted address. Install the plant’s certificate once, like this.',
    fingerprint: 'Fingerprint of the certificate (SHA-256)',
    compare:
      'Compare the fingerprint that the device shows with the one on the administrator’s screen. If they differ, do not install it.',
    download: 'Download the certificate',
    checking: 'Looking whether this device trusts the server…',
    trusted: '✔ This device is ready.',
    notYet: '✖ This device does not have the certificate yet. This turns by itself when it does.',
    open: 'Open Deungdae',
    scan: 'On another device, scan this code',
    devices: [
      {
        name: 'Android (Chrome)',
        file: 'ca.crt',
        steps: [
          'Download the certificate.',
          'Settings → Security & privacy → More security settings → Install from phone storage → CA certificate. (Names differ a little; search the settings for “CA certificate”.)',
          'Choose “Install anyway” and pick the downloaded file.',
          'Come back to this page and look for the green mark.',
        ],
      },
      {
        name: 'iPad · iPhone',
        file: 'ca.mobileconfig',
        steps: [
          'Open this page in Safari, download the profile and tap “Allow”.',
          'Settings → General → VPN & Device Management: install the downloaded profile.',
          'Settings → General → About → Certificate Trust Settings: switch this certificate on. Without this step it is not trusted.',
          'Come back to this page and look for the green mark.',
        ],
      },
      {
        name: 'Windows',
        file: 'ca.crt',
        steps: [
          'Download the certificate, open it and choose “Install Certificate”.',
          'Local Machine → Place all certificates in the following store → Trusted Root Certification Authorities.',
          'Close the browser completely and open this page again.',
        ],
      },
    ],
  },
  vi: {
    title: 'Dùng Deungdae an toàn trên thiết bị này',
    intro:
      'Máy ảnh và nhập liệu ngoại tuyến chỉ hoạt động ở địa chỉ mã hóa. Hãy cài chứng chỉ của nhà máy một lần như sau.',
    fingerprint: 'Dấu vân tay của chứng chỉ (SHA-256)',
    compare: 'So dấu vân tay trên thiết bị với dấu vân tay trên màn hình quản trị. Nếu khác nhau thì không cài.',
    download: 'Tải chứng chỉ',
    checking: 'Đang kiểm tra thiết bị có tin cậy máy chủ không…',
    trusted: '✔ Thiết bị này đã sẵn sàng.',
    notYet: '✖ Thiết bị này chưa có chứng chỉ. Dòng này sẽ tự đổi sau khi cài.',
    open: 'Mở Deungdae',
    scan: 'Trên thiết bị khác, hãy quét mã này',
    devices: [
      {
        name: 'Android (Chrome)',
        file: 'ca.crt',
        steps: [
          'Tải chứng chỉ.',
          'Cài đặt → Bảo mật và quyền riêng tư → Cài đặt bảo mật khác → Cài đặt từ bộ nhớ → Chứng chỉ CA. (Tên có thể hơi khác; hãy tìm “Chứng chỉ CA” trong Cài đặt.)',
          'Chọn “Vẫn cài đặt” rồi chọn tệp đã tải.',
          'Quay lại trang này và xem dấu màu xanh.',
        ],
      },
      {
        name: 'iPad · iPhone',
        file: 'ca.mobileconfig',
        steps: [
          'Mở trang này bằng Safari, tải hồ sơ và chạm “Cho phép”.',
          'Cài đặt → Cài đặt chung → VPN & Quản lý thiết bị: cài hồ sơ đã tải.',
          'Cài đặt → Cài đặt chung → Giới thiệu → Cài đặt tin cậy chứng nhận: bật chứng chỉ này. Thiếu bước này thì chưa được tin cậy.',
          'Quay lại trang này và xem dấu màu xanh.',
        ],
      },
      {
        name: 'Windows',
        file: 'ca.crt',
        steps: [
          'Tải chứng chỉ, mở tệp và chọn “Install Certificate”.',
          'Local Machine → Place all certificates in the following store → Trusted Root Certification Authorities.',
          'Đóng hẳn trình duyệt rồi mở lại trang này.',
        ],
      },
    ],
  },
};
