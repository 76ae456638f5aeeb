// Regions that nobody knows: what was probably meant, and that none is a mistake by that alone.
import { nearestRegion, regionRemark, SES_REGIONS } from '../../lambda/dkim/region-zones.ts';

test.each([
  ['eu-wst-1', 'eu-west-1'],
  ['eu-weest-1', 'eu-west-1'],
  ['us-est-2', undefined],
  ['ap-southeast2', 'ap-southeast-2'],
  ['west-eu-1', 'eu-west-1'],
  ['us-east-9', undefined],
  ['mx-central-9', undefined],
  ['nowhere', undefined],
  ['', undefined],
])('%s: %s', (region, meant) => {
  expect(nearestRegion(region)).toBe(meant);
});

test('what was meant is told, and that AWS may have added it; of a known one nothing is', () => {
  expect(regionRemark('eu-wst-1')).toBe(
    'This version knows no Amazon SES in eu-wst-1. Did you mean eu-west-1? If AWS has added it since, all is well.',
  );
  expect(regionRemark('mx-central-9')).toBe('This version knows no Amazon SES in mx-central-9. If AWS has added it since, all is well.');
  expect(SES_REGIONS.filter((region) => regionRemark(region) !== undefined)).toEqual([]);
});
