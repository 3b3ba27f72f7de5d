using System.Diagnostics;
using LeadSens.Engine;

namespace LeadSens.Server.Data;

/// <summary>How a program ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output);

/// <summary>Runs the small programs that make and steer a cluster.</summary>
internal static class Command
{
    /// <summary>PostgreSQL refuses to run as root; this is the user id of nobody.</summary>
    private const string Unprivileged = "65534";

    /// <summary>Runs a program, as nobody when this process is root.</summary>
    public static Task<CommandResult> RunUnprivilegedAsync(IReadOnlyList<string> command, string? input, CancellationToken cancellationToken) =>
        Environment.IsPrivilegedProcess
            ? RunAsync(["setpriv", $"--reuid={Unprivileged}", $"--regid={Unprivileged}", "--clear-groups", .. command], input, cancellationToken)
            : RunAsync(command, input, cancellationToken);

    public static async Task<CommandResult> RunAsync(IReadOnlyList<string> command, string? input, CancellationToken cancellationToken)
    {
        using var process = ChildProcess.Start(Describe(command));
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new CommandResult(process.ExitCode, (await output + await errors).Trim());
    }

    /// <summary>Makes a directory that only the user who runs PostgreSQL may enter.</summary>
    public static async Task CreatePrivateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Environment.IsPrivilegedProcess)
            await RunAsync(["chown", $"{Unprivileged}:{Unprivileged}", path], null, cancellationToken);
    }

    /// <summary>Lets the user who runs PostgreSQL pass through a directory of ours, without looking into it.</summary>
    public static async Task LetPassAsync(string path, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess) return;
        await RunAsync(["chgrp", Unprivileged, path], null, cancellationToken);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupExecute);
    }

    private static ProcessStartInfo Describe(IReadOnlyList<string> command)
    {
        // The unprivileged user may not be able to enter this process's own directory.
        var start = new ProcessStartInfo(command[0]) { WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        return start;
    }
}
