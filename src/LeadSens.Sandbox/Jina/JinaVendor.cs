using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Jina;

/// <summary>Jina Reader: a page as text, wrapped in JSON when asked for it.</summary>
internal sealed class JinaVendor : Vendor
{
    private readonly int seed;
    private readonly Operation read;

    public JinaVendor(int seed) : base("jina")
    {
        this.seed = seed;
        read = new Operation("GET /{url}", Read);
    }

    public override Operation? Find(Call call) => call.Method == "GET" && call.Path.Length > 1 ? read : null;

    public override Reply Error(int status, string? message = null) => JinaErrors.Of(status, message);

    public override Reply ErrorInside() => JinaErrors.Of(503, null) with { Status = 200 };

    private Reply Read(Call call)
    {
        var target = call.Path[1..] + call.Query;
        var address = target.Contains("://", StringComparison.Ordinal) ? target : $"https://{target}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || !url.Host.Contains('.', StringComparison.Ordinal))
        {
            return JinaErrors.Of(400, "Invalid URL");
        }

        var site = new Site(seed, Uri.UnescapeDataString(url.Host));
        return site.Fault switch
        {
            SiteFault.NoSuchHost => JinaErrors.Write(422, 42206, "AssertionFailureError", $"Failed to goto {address}: Error: net::ERR_NAME_NOT_RESOLVED"),
            SiteFault.Refused => JinaErrors.Write(451, 45102, "SecurityCompromiseError", $"Domain {url.Host} refuses to be read"),
            SiteFault.Missing => Page(call, site, address, 404, "404 Not Found"),
            _ => Page(call, site, address, 200, site.Text()),
        };
    }

    private static Reply Page(Call call, Site site, string address, int status, string content)
    {
        if (call.Accept?.Contains("json", StringComparison.Ordinal) != true)
        {
            return Reply.Text(200, "text/plain; charset=utf-8", $"Title: {site.Title}\n\nURL Source: {address}\n\nMarkdown Content:\n{content}");
        }

        var tokens = (content.Length + 3) / 4;
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("code", 200);
            json.WriteNumber("status", 20000);
            json.WriteStartObject("data");
            json.WriteString("title", site.Title);
            json.WriteString("description", "");
            json.WriteString("url", address);
            json.WriteString("content", content);
            if (status != 200)
            {
                json.WriteString("warning", $"Target URL returned error {status}: Not Found");
            }

            json.WriteNumber("httpStatus", status);
            json.WriteStartObject("usage");
            json.WriteNumber("tokens", tokens);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }).With("X-Usage-Tokens", $"{tokens}");
    }
}
