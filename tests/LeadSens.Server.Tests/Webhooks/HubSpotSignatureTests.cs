using System.Security.Cryptography;
using System.Text;
using LeadSens.Server.Connections.Providers.HubSpot;

namespace LeadSens.Server.Tests.Webhooks;

public sealed class HubSpotSignatureTests
{
    private const string Secret = "app-secret", Address = "https://leadsens.example/api/webhooks/hubspot";
    private static readonly byte[] Body = "[{\"eventId\":1}]"u8.ToArray();
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_000);

    [Fact]
    public void What_HubSpot_signed_holds() => Holds(Sign(Address, Body, Now)).ShouldBeTrue();

    [Theory]
    [InlineData(-300_001, false)]
    [InlineData(-299_999, true)]
    [InlineData(299_999, true)]
    [InlineData(300_001, false)]
    public void Five_minutes_either_way_are_taken(int milliseconds, bool taken)
    {
        var sent = Now.AddMilliseconds(milliseconds);
        Holds(Sign(Address, Body, sent), sent: sent).ShouldBe(taken);
    }

    [Fact]
    public void What_is_not_exactly_that_does_not_hold()
    {
        var signature = Sign(Address, Body, Now);

        Holds(signature, body: [.. Body, (byte)' ']).ShouldBeFalse();
        Holds(signature, address: Address + "/").ShouldBeFalse();
        Holds(signature, address: Address.Replace("https", "http", StringComparison.Ordinal)).ShouldBeFalse();
        Holds(signature, method: "PUT").ShouldBeFalse();
        Holds(signature, secret: "another").ShouldBeFalse();
        Holds(signature, sent: Now.AddSeconds(1)).ShouldBeFalse();
        foreach (var bad in new[] { null, "", "=", signature[..^1], signature + "=", signature.ToLowerInvariant(), new string('A', 43) + "=" }) Holds(bad).ShouldBeFalse(bad);
        foreach (var bad in new[] { null, "", "-1", "1e12", "99999999999999999999", "now" })
            HubSpotSignature.Holds(Secret, "POST", Address, Body, bad, signature, Now).ShouldBeFalse(bad);
    }

    [Theory]
    [InlineData("%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B", ":/?@!$'()*,;")]
    [InlineData("%3a%2f", ":/")]
    [InlineData("%20%25%26%3D%2B%23", "%20%25%26%3D%2B%23")]
    [InlineData("%253A", "%253A")]
    public void Only_these_signs_of_the_address_are_decoded(string sent, string decoded) =>
        Holds(Sign($"{Address}?q={decoded}", Body, Now), address: $"{Address}?q={sent}").ShouldBeTrue();

    private static bool Holds(string? signature, string address = Address, byte[]? body = null, DateTimeOffset? sent = null, string method = "POST", string secret = Secret) =>
        HubSpotSignature.Holds(secret, method, address, body ?? Body, (sent ?? Now).ToUnixTimeMilliseconds().ToString(), signature, Now);

    private static string Sign(string address, byte[] body, DateTimeOffset at) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"POST{address}{Encoding.UTF8.GetString(body)}{at.ToUnixTimeMilliseconds()}")));
}
