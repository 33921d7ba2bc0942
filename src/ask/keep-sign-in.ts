// A fresh sign-in, kept: and the cards that demanded it are drawn anew, so that they no longer do.
import type { CaseStore } from '../ports/case-store.ts';
import type { FreshSignIn } from '../ports/sign-ins.ts';

/** Throws where it cannot be kept. Whoever has no card of that case makes nothing happen to it. */
export async function keepSignIn(
  { user, authTime, ref }: FreshSignIn,
  { store, wake }: { readonly store: CaseStore; wake(): void },
): Promise<void> {
  const about = ref === '' ? null : await store.findCase(ref);
  const copies = about ? await store.copiesOf(about.id) : [];
  await store.transact(async (tx) => {
    await tx.signIns.save(user, authTime);
    for (const { id, caseId, reader } of copies)
      if (reader === user) await tx.addStep(caseId, { kind: 'refresh', key: id });
  });
  wake();
}
