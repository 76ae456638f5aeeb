// A small Step Functions: walks a state machine as the Amazon States Language says, as far as ours uses it; whatever it does not know it refuses.

// biome-ignore lint/suspicious/noExplicitAny: a state machine is untyped JSON, and what is wrong in it fails the test.
type Json = any;

export interface SmallStates {
  /** The Lambda function. Throws as a failed invocation does. */
  readonly invoke: (payload: Json) => Promise<Json>;
  /** Objects that an ItemReader finds, by key. */
  readonly object: (key: string) => Json;
  /** Name of the execution. */
  readonly name: string;
}

export interface Walked {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly output: Json;
  /** States entered, in order; children of a map one after the other. */
  readonly entered: readonly string[];
  /** Invocations that were tried again. */
  readonly retried: number;
}

/** Runs one execution. Waits of retries are not waited for. Source: states-language.net/spec.html. */
export async function walk(machine: Json, states: SmallStates): Promise<Walked> {
  const entered: string[] = [];
  let retried = 0;

  async function scope({ StartAt, States }: Json, input: Json): Promise<Json> {
    let [name, value] = [StartAt as string, input];
    for (;;) {
      const state = States[name];
      if (state === undefined) throw new Error(`no state ${name}`);
      entered.push(name);
      const { output, next } = await tried(state, value);
      if (next === undefined) return output;
      [name, value] = [next, output];
    }
  }

  async function tried(state: Json, input: Json): Promise<{ output: Json; next?: string }> {
    const used = new Map<Json, number>();
    for (;;) {
      try {
        return await once(state, input);
      } catch (error) {
        const rule = (state.Retry ?? []).find((one: Json) => matches(one, error));
        const times = used.get(rule) ?? 0;
        if (rule !== undefined && times < (rule.MaxAttempts ?? 3)) {
          used.set(rule, times + 1);
          retried += 1;
          continue;
        }
        const caught = (state.Catch ?? []).find((one: Json) => matches(one, error));
        if (caught === undefined) throw error;
        if (caught.ResultPath !== null) throw new Error('this walk knows only a Catch that keeps the input');
        return { output: input, next: caught.Next };
      }
    }
  }

  async function once(state: Json, input: Json): Promise<{ output: Json; next?: string }> {
    switch (state.Type) {
      case 'Succeed':
        return { output: input };
      case 'Pass':
        return ended(state, input, input);
      case 'Choice': {
        const choice = state.Choices.find(({ Variable, StringEquals }: Json) => at(Variable, input) === StringEquals);
        return { output: input, next: choice?.Next ?? state.Default };
      }
      case 'Task': {
        const { Payload } = filled(state.Parameters, input);
        return ended(state, input, { StatusCode: 200, Payload: await states.invoke(Payload) });
      }
      case 'Map': {
        const items: Json[] =
          state.ItemReader === undefined ? at(state.ItemsPath, input) : states.object(filled(state.ItemReader.Parameters, input).Key);
        const outputs: Json[] = [];
        for (const item of items) outputs.push(await scope(state.ItemProcessor, filled(state.ItemSelector, input, item)));
        return ended(state, input, outputs);
      }
      default:
        throw new Error(`this walk knows no state of type ${state.Type}`);
    }
  }

  function ended(state: Json, input: Json, result: Json): { output: Json; next?: string } {
    const after = state.ResultPath === null ? input : result;
    const output = state.OutputPath === null ? {} : state.OutputPath === undefined ? after : at(state.OutputPath, after);
    // What Step Functions refuses: a state's output beyond 256 KiB.
    if (JSON.stringify(output).length > 262_144) throw Object.assign(new Error('too large'), { name: 'States.DataLimitExceeded' });
    return { output, ...(state.End === true ? {} : { next: state.Next }) };
  }

  function filled(template: Json, input: Json, item?: Json): Json {
    if (Array.isArray(template)) return template.map((one) => filled(one, input, item));
    if (typeof template !== 'object' || template === null) return template;
    return Object.fromEntries(
      Object.entries(template).map(([key, value]) =>
        key.endsWith('.$') ? [key.slice(0, -2), chosen(value as string, input, item)] : [key, filled(value, input, item)],
      ),
    );
  }

  function chosen(path: string, input: Json, item: Json): Json {
    if (path === '$$.Execution.Name') return states.name;
    if (path === '$$.Map.Item.Value') return item;
    return at(path, input);
  }

  try {
    // JSON travels, not values.
    const output = await scope(JSON.parse(JSON.stringify(machine)), {});
    return { status: 'SUCCEEDED', output, entered, retried };
  } catch (error) {
    return { status: 'FAILED', output: (error as Error).message, entered, retried };
  }
}

function at(path: string, input: Json): Json {
  const value = path
    .split('.')
    .slice(1)
    .reduce<Json>((inner, name) => inner?.[name], input);
  if (value === undefined) throw new Error(`nothing at ${path}`);
  return structuredClone(value);
}

const matches = ({ ErrorEquals }: Json, error: unknown): boolean =>
  ErrorEquals.includes('States.ALL') || ErrorEquals.includes((error as Error).name);
