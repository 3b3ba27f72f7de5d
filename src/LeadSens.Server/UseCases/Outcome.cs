namespace LeadSens.Server.UseCases;

/// <summary>What came of a use case: its value, or why there is none.</summary>
internal sealed record Outcome<T>(T? Value, Refusal? Refusal)
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);

    public Outcome<TOther> Map<TOther>(Func<T, TOther> map) => Refusal is null ? map(Value!) : Refusal;
}

/// <summary>The value of what has nothing to say but that it was done.</summary>
internal readonly record struct Done;
