// The XML of a public access block, which buckets and whole accounts share.
import { ALL_BLOCKS, type PublicAccessBlock } from '../../case/public-access.ts';
import { S3_NAMESPACE } from './acl.ts';
import { S3Error } from './s3-error.ts';
import { element, parseXml, textOf, type XmlNode } from './xml.ts';

/** As S3 names the four flags, in its order. */
const FLAGS = {
  BlockPublicAcls: 'blockPublicAcls',
  IgnorePublicAcls: 'ignorePublicAcls',
  BlockPublicPolicy: 'blockPublicPolicy',
  RestrictPublicBuckets: 'restrictPublicBuckets',
} as const satisfies Record<string, keyof PublicAccessBlock>;

/** Throws NoSuchPublicAccessBlockConfiguration where there is none. */
export function blockNode(block: PublicAccessBlock | null | undefined): XmlNode {
  if (!block) throw new S3Error('NoSuchPublicAccessBlockConfiguration');
  const flags = Object.entries(FLAGS).map(([name, flag]) => element(name, String(block[flag])));
  return element('PublicAccessBlockConfiguration', flags, S3_NAMESPACE);
}

/** A flag that is left out is off. Throws MalformedXML. */
export function parseBlock(body: string): PublicAccessBlock {
  const root = parseXml(body);
  if (root.name !== 'PublicAccessBlockConfiguration') throw new S3Error('MalformedXML');
  const block = { ...ALL_BLOCKS };
  for (const [name, flag] of Object.entries(FLAGS)) {
    const value = (textOf(root, name) ?? 'false').toLowerCase();
    if (value !== 'true' && value !== 'false') throw new S3Error('MalformedXML');
    Object.assign(block, { [flag]: value === 'true' });
  }
  return block;
}
