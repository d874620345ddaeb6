// A query that stays on the screen: its result comes again whenever the cache holds another.
import type { AnyVariables, Client, TypedDocumentNode } from "@urql/core";

export class Watched<Data, Variables extends AnyVariables> {
  #latest: Data | undefined;
  #looking: (() => void) | undefined;
  readonly #shown;

  constructor(client: Client, document: TypedDocumentNode<Data, Variables>, variables: Variables) {
    this.#shown = client.query(document, variables).subscribe(({ data, stale }) => {
      this.#latest = stale ? undefined : data;
      this.#looking?.();
    });
  }

  /** The first result that is so, from the present one on. */
  async until(isSo: (data: Data) => boolean): Promise<Data> {
    while (this.#latest === undefined || !isSo(this.#latest)) {
      await new Promise<void>((resolve) => (this.#looking = resolve));
    }
    return this.#latest;
  }

  stop(): void {
    this.#shown.unsubscribe();
  }
}
