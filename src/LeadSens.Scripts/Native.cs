using System.Reflection;
using System.Runtime.InteropServices;

namespace LeadSens.Scripts;

/// <summary>What the host asks of the system. Elsewhere than on Linux the limits from outside stand alone.</summary>
internal static partial class Native
{
    private const int Nobody = 65534;
    private const int Cpu = 0;
    private const int Core = 4;
    private const ulong Unlimited = ulong.MaxValue;

    /// <summary>Takes what the process does not need: a core file, standard error, and root.</summary>
    public static void Confine()
    {
        if (!OperatingSystem.IsLinux()) return;
        _ = setrlimit(Core, new Limit(0, 0));
        var nothing = open("/dev/null", 1);
        if (nothing >= 0) _ = dup2(nothing, 2);
        if (geteuid() != 0) return;
        LoadAll(Assembly.GetExecutingAssembly(), []);
        // Nobody may not read what belongs to root, so everything is loaded before; a process without the right to change stays as it is.
        if (setgroups(0, IntPtr.Zero) != 0 || setresgid(Nobody, Nobody, Nobody) != 0 || setresuid(Nobody, Nobody, Nobody) != 0) return;
    }

    /// <summary>The system ends the process after this much more CPU time, also when nobody is left who would.</summary>
    public static void LimitCpu(TimeSpan more)
    {
        if (OperatingSystem.IsLinux()) _ = setrlimit(Cpu, new Limit((ulong)Math.Ceiling((Environment.CpuUsage.TotalTime + more).TotalSeconds) + 1, Unlimited));
    }

    private static void LoadAll(Assembly assembly, HashSet<string> seen)
    {
        foreach (var name in assembly.GetReferencedAssemblies())
        {
            if (!seen.Add(name.FullName)) continue;
            try
            {
                LoadAll(Assembly.Load(name), seen);
            }
            catch (FileNotFoundException)
            {
                // A reference that this framework does not have is not used either.
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in Limit limit);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial int setgroups(nint count, nint groups);

    [LibraryImport("libc")]
    private static partial int setresgid(int real, int effective, int saved);

    [LibraryImport("libc")]
    private static partial int setresuid(int real, int effective, int saved);
}
