using System.Text.Json;
using LeadSens.Server.Operations;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSens.Server.Tests.Operations;

public sealed class JsonLogFormatterTests
{
    [Theory]
    [InlineData("a\r\nb"), InlineData("a\0b"), InlineData("a\u001b[2Jb"), InlineData("a\u007fb"), InlineData("a\u0085b"), InlineData("a\u009b2Jb"), InlineData("a\u2028b"), InlineData("a\u2029b"), InlineData("a\u202Eb"),
     InlineData("a\u2066b"), InlineData("a\", \"level\": \"x"), InlineData("a\uD83Db")]
    public void Whatever_is_logged_is_one_line_of_visible_characters_that_says_the_same(string text)
    {
        using var written = new StringWriter();
        var scopes = new LoggerExternalScopeProvider();
        using (scopes.Push(new KeyValuePair<string, object?>[] { new("scope", text) }))
        {
            var entry = new LogEntry<KeyValuePair<string, object?>[]>(
                LogLevel.Information, "category", new(1, "Happened"), [new("name", text)], new InvalidOperationException(text), (state, _) => $"Happened to {state[0].Value}");
            new JsonLogFormatter(new TestEnvironment("Production"), TimeProvider.System).Write(in entry, scopes, written);
        }

        var line = written.ToString();
        line.ShouldEndWith(Environment.NewLine);
        line[..^Environment.NewLine.Length].ShouldAllBe(character => !char.IsControl(character) && character != '\u2028' && character != '\u2029' && !IsDirection(character));
        var read = JsonElement.Parse(line);
        var same = text.Replace('\uD83D', '\uFFFD');
        read.GetProperty("message").GetString().ShouldBe($"Happened to {same}");
        read.GetProperty("level").GetString().ShouldBe("Information");
        read.GetProperty("fields").GetProperty("name").GetString().ShouldBe(same);
        read.GetProperty("fields").GetProperty("scope").GetString().ShouldBe(same);
        read.GetProperty("exception").GetString()!.ShouldContain(same);
    }

    private static bool IsDirection(char character) => character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
