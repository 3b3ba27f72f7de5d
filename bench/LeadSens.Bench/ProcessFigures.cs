using System.Globalization;

namespace LeadSens.Bench;

/// <summary>What one process used, from <c>/proc</c>: its own figures, those of its children apart.</summary>
internal sealed class ProcessFigures
{
    /// <summary>The kernel counts CPU time in hundredths of a second towards programs, whatever its own clock.</summary>
    private const double TicksPerSecond = 100;

    private readonly int process;
    private readonly double cpuAtStart;

    private ProcessFigures(int process) => (this.process, cpuAtStart) = (process, CpuOf(process));

    public double CpuSeconds => CpuOf(process) - cpuAtStart;

    /// <summary>The most resident memory since the measurement began.</summary>
    public double PeakMemoryMb
    {
        get
        {
            var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>Starts to measure: the peak so far is forgotten.</summary>
    public static ProcessFigures Watch(int process)
    {
        File.WriteAllText($"/proc/{process}/clear_refs", "5");
        return new(process);
    }

    private static double CpuOf(int process)
    {
        // The second field, the name, may hold blanks: count from its closing parenthesis. utime and stime are the 14th and 15th.
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
