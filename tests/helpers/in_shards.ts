/** Work in so many shards, four of them at once; what each gave, in their order. */
export async function inShards<Result>(
  of: number,
  work: (shard: string) => Promise<Result>,
  but: string[] = [],
): Promise<Result[]> {
  const names = Array.from({ length: of }, (_, index) => `${index}/${of}`)
    .filter((name) => !but.includes(name));
  const results: Result[] = [];
  const left = [...names.entries()];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      results[next[0]] = await work(next[1]);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return results;
}
