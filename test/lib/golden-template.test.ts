// The whole template of a configuration with everything switched on: a change here is seen in review.
import { memberStack, monitorStack, TemplateView } from './stacks.ts';

test('the template with everything switched on', () => {
  // Asset names are hashes of the code: they change with every change of it.
  const text = JSON.stringify(new TemplateView(monitorStack()).template.toJSON(), null, 2).replace(
    /\b[0-9a-f]{64}\b/g,
    '<hash of the bundle>',
  );
  expect(JSON.parse(text)).toMatchSnapshot();
});

test('the template of the role in other accounts', () => {
  expect(new TemplateView(memberStack()).template.toJSON()).toMatchSnapshot();
});
