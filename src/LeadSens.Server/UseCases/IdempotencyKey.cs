using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;

namespace LeadSens.Server.UseCases;

/// <summary>What a caller calls one request to one use case.</summary>
internal sealed record IdempotencyKey(Caller Caller, string UseCase, string Text)
{
    public const int Longest = 255;

    public const string Header = "Idempotency-Key";

    private const int IdBytes = 16;

    /// <summary>Another caller's key of the same text is another, and so is one of another use case.</summary>
    public Guid Id { get; } = new(Hash(Caller.Name, UseCase, Text).AsSpan(0, IdBytes), bigEndian: true);

    /// <summary>What is wrong with it; null: nothing.</summary>
    public string? Problem => Text.Length is 0 or > Longest ? $"1 to {Longest} characters." : TextRule.ProblemOf(Text);

    /// <summary>Tells requests apart. The key is in it, so that nobody finds out by trying what was asked.</summary>
    public byte[] HashOf<T>(T request) => Hash(Text, JsonSerializer.Serialize(request, Once.Json));

    private static byte[] Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }

        return hash.GetHashAndReset();
    }
}
