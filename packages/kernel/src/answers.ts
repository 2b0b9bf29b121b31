/**
 * What a handler returns instead of JSON. A route that answers so has `contentType`. The server streams it; `name` is the
 * name under which a browser saves it, and `inline` shows it instead.
 */
interface Answer {
  name: string;
  type: string;
  inline?: boolean;
}

/** A file that is sent; `done` is called when it was read, e.g. to remove it. */
export class FileAnswer {
  readonly file: string;
  readonly name: string;
  readonly type: string;
  readonly inline: boolean;
  readonly done: () => void;
  constructor(file: string, name: string, type: string, done: () => void = () => {}, inline = false) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.inline = inline;
    this.done = done;
  }
}

/** A small file made in memory: a label, a report, a table. */
export class BytesAnswer {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly type: string;
  readonly inline: boolean;
  constructor(bytes: Uint8Array, { name, type, inline = false }: Answer) {
    this.bytes = bytes;
    this.name = name;
    this.type = type;
    this.inline = inline;
  }
}
