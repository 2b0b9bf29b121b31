export interface Command {
  usage: string;
  ko: string;
  en: string;
  /** Throws CodedError for what a person can mend. */
  run(args: string[], language: string): Promise<void>;
}
