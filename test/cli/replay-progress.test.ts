// The bar that `countersign replay` shows to people while it works, and to nobody else.
import assert from 'node:assert/strict';
import { createProgress } from '../../src/cli/progress.ts';

function terminal(isTTY: boolean, columns = 60) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns, write: (text: string) => written.push(text) > 0 } };
}

describe('the progress bar', () => {
  it('is not shown where stderr is no terminal', () => {
    const { written, stream } = terminal(false);

    const progress = createProgress(stream, () => 0);
    progress.show(0.5, 'half');
    progress.clear();

    assert.deepEqual(written, []);
  });

  it('fits on the line, and moves at most ten times a second', () => {
    const { written, stream } = terminal(true);
    let now = 0;

    const progress = createProgress(stream, () => now);
    for (now = 0; now < 1_000; now += 10)
      progress.show(now / 500, '3 of 4 files, 1000000 records, 17 matches');

    assert.equal(written.length, 10);
    assert.match(written[0] ?? '', /^\r\[\.{24}\] 3 of 4 files/);
    assert.match(written[9] ?? '', /^\r\[#{24}\] /);
    const longest = Math.max(...written.map((one) => one.replace('\r', '').replace('\u001b[K', '').length));
    assert.ok(longest < 60, String(longest));
  });

  it('makes room for a line that is printed, once', () => {
    const { written, stream } = terminal(true);

    const progress = createProgress(stream, () => 0);
    progress.show(0, 'a');
    progress.clear();
    progress.clear();
    progress.show(0, 'b');

    assert.deepEqual(written.slice(1, 2), ['\r\u001b[K']);
    assert.equal(written.length, 3);
  });
});
