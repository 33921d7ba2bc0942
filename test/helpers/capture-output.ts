// What a command writes while it runs, kept out of the test report.
import sinon from 'sinon';

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Both streams are restored before this settles, also when `work` throws. */
export async function captureOutput(work: () => Promise<unknown>): Promise<Output> {
  const written = { stdout: '', stderr: '' };
  const stubs = (['stdout', 'stderr'] as const).map((name) =>
    sinon.stub(process[name], 'write').callsFake((chunk: string | Uint8Array) => {
      written[name] += chunk.toString();
      return true;
    }),
  );
  try {
    await work();
    return written;
  } finally {
    for (const stub of stubs) stub.restore();
  }
}
