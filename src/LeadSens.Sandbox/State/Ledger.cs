using System.Text.Json;

namespace LeadSens.Sandbox.State;

/// <summary>Counts every effect and, with a state file, appends it as a line of JSON, so that a killed Sandbox forgets nothing.</summary>
internal sealed class Ledger : IDisposable
{
    private readonly FileStream? file;
    private readonly Lock gate = new();

    public Ledger(string? stateFile)
    {
        if (stateFile is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(stateFile))!);
            file = new FileStream(stateFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
    }

    public WriteLog Writes { get; } = new();

    public void Record(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            Count(effect);
        }

        if (file is null || effects.Count == 0)
        {
            return;
        }

        using var lines = new MemoryStream();
        foreach (var effect in effects)
        {
            JsonSerializer.Serialize(lines, effect, EffectJson.Default.Effect);
            lines.WriteByte((byte)'\n');
        }

        lock (gate)
        {
            file.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
            file.Flush();
        }
    }

    /// <summary>What the state file holds, in its order; a last line that a kill cut short is dropped.</summary>
    public IReadOnlyList<Effect> Replay()
    {
        if (file is null)
        {
            return [];
        }

        var effects = new List<Effect>();
        var whole = 0L;
        using var reader = new StreamReader(file, leaveOpen: true);
        while (reader.ReadLine() is { } line && Parse(line) is { } effect)
        {
            effects.Add(effect);
            Count(effect);
            whole += System.Text.Encoding.UTF8.GetByteCount(line) + 1;
        }

        file.SetLength(whole > file.Length ? file.Length : whole);
        file.Seek(0, SeekOrigin.End);
        if (whole > file.Length)
        {
            file.WriteByte((byte)'\n');
        }

        return effects;
    }

    public void Reset(int seed)
    {
        file?.SetLength(0);
        Record([new WorldReset(seed)]);
    }

    public void Dispose() => file?.Dispose();

    private void Count(Effect effect)
    {
        if (effect is WorldReset)
        {
            Writes.Clear();
        }
        else if (effect.Write is { } write)
        {
            Writes.Add(write);
        }
    }

    private static Effect? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EffectJson.Default.Effect);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
