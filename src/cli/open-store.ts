// The store as commands open it beside a running bot: for reading only.
import { openStore, type Store } from '../adapters/store/index.ts';
import { systemClock } from '../adapters/system.ts';
import { bundledWords } from '../adapters/words/bundled.ts';
import { environment, parseStoreConfig, type StoreConfig } from '../config.ts';

export async function withStore<Result>(
  work: (store: Store, config: StoreConfig) => Promise<Result>,
): Promise<Result> {
  const config = parseStoreConfig(environment());
  const store = await openStore({
    databaseUrl: config.databaseUrl?.reveal(),
    directory: config.stateDirectory,
    clock: systemClock,
    words: bundledWords(),
    readOnly: true,
  });
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}
