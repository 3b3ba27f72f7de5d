namespace LeadSens.Server.Operations;

/// <summary>Files and directories that only this process's user may read, from the moment that they are there and whatever the umask says.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode File0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Directory0700 = File0600 | UnixFileMode.UserExecute;

    /// <summary>One that exists stays as it is: it may be somebody else's as well.</summary>
    /// <returns>True when it was made.</returns>
    public static bool CreateDirectory(string path)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path)) return false;
        if (Path.GetDirectoryName(path) is { } parent) Directory.CreateDirectory(parent);
        Directory.CreateDirectory(path, Directory0700);
        return true;
    }

    /// <summary>Whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        // One that a killed process left may be open to others.
        File.Delete(path + ".new");
        using (var writer = new StreamWriter(Open(path + ".new", FileMode.CreateNew, FileShare.None))) writer.Write(text);
        File.Move(path + ".new", path, overwrite: true);
    }

    public static FileStream Open(string path, FileMode mode, FileShare share) =>
        new(path, new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, UnixCreateMode = File0600 });
}
