// What the role in each account must be allowed besides what the actions declare: to look at buckets, on a schedule and by command.

/** Permission -> what for. */
export const AWS_READS: Readonly<Record<string, string>> = {
  's3:ListAllMyBuckets': 'lists the buckets of the account',
  's3:GetAccountPublicAccessBlock': 'reads what the account blocks for all of its buckets',
  's3:GetBucketPolicyStatus': 'asks S3 itself whether a policy is public',
  's3:GetBucketPolicy': 'reads which statements make a bucket public',
  's3:GetBucketAcl': 'reads which grants make a bucket public',
  's3:GetBucketOwnershipControls': 'reads whether access lists count at all',
  's3:GetBucketPublicAccessBlock': 'reads what the bucket blocks',
};
