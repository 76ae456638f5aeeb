// The heap limit of Node follows the function's memory.
import { monitorStack, TemplateView } from '../lib/stacks.ts';

test('with step-functions the heap may use the memory that is paid for', () => {
  const view = new TemplateView(monitorStack({ scale: 'step-functions' }));
  const all = JSON.stringify(view.resources('AWS::Lambda::Function'));
  expect(all).toContain('"MemorySize":1769');
  expect(all).toContain('--max-old-space-size=1592');
});
