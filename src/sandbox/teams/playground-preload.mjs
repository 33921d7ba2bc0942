// Preloaded into the local Teams client, which has no settings for it: its servers listen on 127.0.0.1 and nowhere else,
// and it ends when whoever started it does, however that ended.
import net from 'node:net';

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  const host = '127.0.0.1';
  if (port !== null && typeof port === 'object') return listen.call(this, { ...port, host }, ...rest);
  return listen.call(this, { port, host }, ...rest.filter((one) => typeof one === 'function'));
};

process.stdin.on('end', () => process.exit(0)).resume();
