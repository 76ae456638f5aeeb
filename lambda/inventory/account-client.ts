// What is used of the client of AWS Account Management, by name: a bundle then holds nothing else of it.
export { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
