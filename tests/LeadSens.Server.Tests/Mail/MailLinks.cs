using System.Text.RegularExpressions;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Mail;

/// <summary>Following what a mail links to.</summary>
internal static partial class MailLinks
{
    /// <summary>The path of the link below this address, which text and HTML name alike.</summary>
    public static string In(SandboxMail mail, string below)
    {
        var url = Url().Matches(mail.Text!).Select(match => new Uri(match.Value)).Single(url => url.AbsolutePath.StartsWith(below, StringComparison.Ordinal));
        mail.Html.ShouldNotBeNull().ShouldContain($"href=\"{url}\"");
        return url.AbsolutePath;
    }

    public static Task<HttpResponseMessage> PostAsync(HttpClient http, string link, params (string Name, string Value)[] fields) =>
        http.PostAsync(link, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    /// <summary>Decides on an approval's page as it was read.</summary>
    public static async Task<HttpResponseMessage> DecideAsync(HttpClient http, string link, string decision, params (string Name, string Value)[] fields)
    {
        using var page = await http.GetAsync(link);
        return await PostAsync(http, link, [.. fields, ("decision", decision), ("seen", Seen().Match(await page.Content.ReadAsStringAsync()) is { Success: true } seen ? seen.Groups[1].Value : Reviewing.NoHash)]);
    }

    public static string WithoutNonce(string html) => Nonce().Replace(html, "");

    /// <summary>The anti-forgery token of a page's form.</summary>
    public static string TokenIn(string html) => System.Net.WebUtility.HtmlDecode(Token().Match(html).Groups[1].Value);

    [GeneratedRegex("name=\"seen\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex Seen();

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Url();

    [GeneratedRegex("nonce=\"[^\"]*\"")]
    private static partial Regex Nonce();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
