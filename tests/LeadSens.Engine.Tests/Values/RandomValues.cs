using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Values;

/// <summary>Values as they come along in definitions, scripts and payloads; the same ones for the same seed.</summary>
internal static class RandomValues
{
    private static readonly string[] Texts = ["", " ", "7", "-1.5", "true", "null", "[1,2]", "{\"a\":1}", "{", "\"quoted\"", "2026-01-02T03:04:05Z", "00:05:00", "0193a1b2-0000-7000-8000-000000000001", "é\u2028\ud83d\ude00", "a\"b\\c\n"];

    public static string Text(Random random) => Texts[random.Next(Texts.Length)];

    public static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Null, text, number or truth.</summary>
    public static object? Simple(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => (long)random.Next(-10, 10),
        3 => random.NextInt64(),
        4 => Value.FromDouble(random.NextDouble() * Math.Pow(10, random.Next(-5, 25))),
        5 => Value.FromDouble(random.Next(-1_000, 1_000) / 4.0),
        _ => Text(random),
    };

    /// <summary>Any value that a variable may hold.</summary>
    public static object? Any(Random random) => random.Next(3) > 0 ? Simple(random) : Value.From(JsonSerializer.SerializeToElement(Node(random, 4)));

    public static JsonNode? Node(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) == 0) return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Node(random, depth - 1))]);
        if (depth > 0 && random.Next(2) == 0)
        {
            var node = new JsonObject();
            for (var i = random.Next(4); i > 0; i--) node[Text(random) + i] = Node(random, depth - 1);
            return node;
        }

        return Simple(random) is { } value ? JsonSerializer.SerializeToNode(value) : null;
    }
}
