using System.Runtime.InteropServices;

namespace LeadSens.Engine;

/// <summary>Lets a host stand back where processors are scarce; elsewhere than on Linux all are alike.</summary>
internal static partial class HostPriority
{
    private const int OfProcess = 0;

    /// <summary>About a third of what others get, so that its script still has its time on a machine with other work.</summary>
    private const int Nice = 5;

    public static void Lower(int processId)
    {
        if (OperatingSystem.IsLinux()) _ = setpriority(OfProcess, processId, Nice);
    }

    [LibraryImport("libc")]
    private static partial int setpriority(int which, int who, int nice);
}
