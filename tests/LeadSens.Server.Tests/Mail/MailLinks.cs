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

    public static string WithoutNonce(string html) => Nonce().Replace(html, "");

    /// <summary>The anti-forgery token of a page's form.</summary>
    public static string TokenIn(string html) => System.Net.WebUtility.HtmlDecode(Token().Match(html).Groups[1].Value);

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Url();

    [GeneratedRegex("nonce=\"[^\"]*\"")]
    private static partial Regex Nonce();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
