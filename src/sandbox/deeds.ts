// What somebody did to the sandbox's buckets before a sample detection reports it: done for real, with the owner's keys.
import {
  DeletePublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsKeys, INVOICES_OPENED, SUPPLIER_POLICY } from './buckets.ts';
import { SAMPLE_REGION } from './samples/cloudtrail-samples.ts';

type Deed = (s3: S3Client) => Promise<unknown>;

const openInvoices: Deed = async (s3) => {
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: 'contoso-invoices' }));
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: 'contoso-invoices', Policy: JSON.stringify(INVOICES_OPENED) }),
  );
};
const openPressKit: Deed = async (s3) => {
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: 'contoso-press-kit' }));
  await s3.send(new PutBucketAclCommand({ Bucket: 'contoso-press-kit', ACL: 'public-read' }));
};

const SUPPLIER_DROP = 'contoso-supplier-drop';
const shareSupplierDrop: Deed = (s3) =>
  s3.send(new PutBucketPolicyCommand({ Bucket: SUPPLIER_DROP, Policy: JSON.stringify(SUPPLIER_POLICY) }));
const openPriceList: Deed = (s3) =>
  s3.send(new PutObjectAclCommand({ Bucket: SUPPLIER_DROP, Key: 'price-list.txt', ACL: 'public-read' }));

/** By sample name; samples without an entry report something that leaves no trace in the sandbox. */
const DEEDS: Readonly<Record<string, Deed>> = {
  'bucket-public': openInvoices,
  'unknown-session': openInvoices,
  'bucket-public-acl': openPressKit,
  'public-access-block-removed': openPressKit,
  root: openPressKit,
  'bucket-shared': shareSupplierDrop,
  'object-public': openPriceList,
};

export async function doDeed(sample: string, s3Url: string, owner: AwsKeys): Promise<void> {
  const deed = DEEDS[sample];
  if (!deed) return;
  const s3 = new S3Client({
    endpoint: s3Url,
    forcePathStyle: true,
    region: SAMPLE_REGION,
    credentials: owner,
    maxAttempts: 1,
  });
  try {
    await deed(s3);
  } finally {
    s3.destroy();
  }
}
