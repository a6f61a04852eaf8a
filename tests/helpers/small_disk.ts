import { join } from "node:path";

/** A file system of its own, whose size can be changed while it is in use; it needs root. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Mounts one of these bytes, or says why there can be none. */
  static async mount(bytes: number): Promise<SmallDisk | string> {
    const folder = await Deno.makeTempDir({ prefix: "small_disk_" });
    const disk = new SmallDisk(folder);
    try {
      await command("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder);
      return disk;
    } catch (error) {
      await Deno.remove(folder);
      return `no file system can be mounted here (${(error as Error).message.trim()})`;
    }
  }

  /** Leaves so many bytes free. */
  async leave(bytes: number): Promise<void> {
    const used = Number((await command("df", "--output=used", "-B1", this.folder)).split("\n")[1]);
    await command("mount", "-o", `remount,size=${Math.max(used + bytes, 4096)}`, this.folder);
  }

  async unmount(): Promise<void> {
    await command("umount", this.folder);
    await Deno.remove(this.folder);
  }

  path(name: string): string {
    return join(this.folder, name);
  }
}

async function command(name: string, ...args: string[]): Promise<string> {
  const output = await new Deno.Command(name, { args, stderr: "piped" }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!output.success) throw new Error(text(output.stderr) || `${name} ended with ${output.code}`);
  return text(output.stdout);
}
