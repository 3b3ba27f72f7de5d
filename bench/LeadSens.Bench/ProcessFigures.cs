using System.Globalization;

namespace LeadSens.Bench;

/// <summary>What a Server and its script hosts used, from <c>/proc</c>, with the hosts that have exited meanwhile; PostgreSQL and the Sandbox, its other children, apart.</summary>
internal sealed class ProcessFigures : IDisposable
{
    /// <summary>The kernel counts CPU time in hundredths of a second towards programs, whatever its own clock.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>A host takes about this long to start, and the kernel keeps each one's peak while it lives.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly int process;
    private readonly double cpuAtStart;
    private readonly ITimer looks;
    private double hostsPeakMb;

    private ProcessFigures(int process)
    {
        (this.process, cpuAtStart) = (process, CpuOfAll(process));
        looks = TimeProvider.System.CreateTimer(_ => LookAtHosts(), null, TimeSpan.Zero, LookEvery);
    }

    public double CpuSeconds => CpuOfAll(process) - cpuAtStart;

    /// <summary>The most resident memory of the Server since the measurement began, and the most that its script hosts had together.</summary>
    public double PeakMemoryMb
    {
        get
        {
            LookAtHosts();
            return PeakOf(process) + Volatile.Read(ref hostsPeakMb);
        }
    }

    /// <summary>Starts to measure: the peaks so far are forgotten.</summary>
    public static ProcessFigures Watch(int process)
    {
        foreach (var watched in Hosts(process).Prepend(process)) File.WriteAllText($"/proc/{watched}/clear_refs", "5");
        return new(process);
    }

    public void Dispose() => looks.Dispose();

    /// <summary>What a process has used so far, without those that it started.</summary>
    public static double CpuAlone(int process) => CpuOf(process, withExited: false);

    /// <summary>The same with them.</summary>
    public static double CpuWithChildren(int process) => CpuOf(process, withExited: true) + Children(process).Sum(child => CpuOf(child, withExited: false));

    private void LookAtHosts()
    {
        var together = Hosts(process).Sum(PeakOf);
        for (var seen = Volatile.Read(ref hostsPeakMb); together > seen;)
        {
            var before = Interlocked.CompareExchange(ref hostsPeakMb, together, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    /// <summary>What exited children used is in the Server's own account from the moment at which it learns of their end. PostgreSQL and the Sandbox do not exit while it is measured.</summary>
    private static double CpuOfAll(int process) => CpuOf(process, withExited: true) + Hosts(process).Sum(host => CpuOf(host, withExited: false));

    private static double CpuOf(int process, bool withExited)
    {
        // The second field, the name, may hold blanks: count from its closing parenthesis. utime, stime and those of children that were waited for are the 14th to 17th.
        if (Read($"/proc/{process}/stat") is not { Length: > 0 } text) return 0;
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..(withExited ? 15 : 13)].Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double PeakOf(int process)
    {
        var line = Read($"/proc/{process}/status").Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static List<int> Hosts(int process) =>
        [.. Children(process).Where(child => Read($"/proc/{child}/cmdline").Contains("LeadSens.Scripts.dll", StringComparison.Ordinal))];

    private static List<int> Children(int process) =>
    [
        .. from directory in Directory.GetDirectories("/proc")
           let name = Path.GetFileName(directory)
           where char.IsAsciiDigit(name[0]) && ParentOf(name) == process
           select int.Parse(name, CultureInfo.InvariantCulture),
    ];

    private static int ParentOf(string process) =>
        Read($"/proc/{process}/stat") is { Length: > 0 } text ? int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ', 3)[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>Empty for a process that is gone or another user's.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
