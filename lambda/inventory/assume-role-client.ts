// What is loaded of STS to assume a role.
export { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
