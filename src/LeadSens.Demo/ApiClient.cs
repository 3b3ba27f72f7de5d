using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Demo;

/// <summary>The few calls of the Server's API that a run needs.</summary>
internal sealed class ApiClient(Uri server, string key = ApiClient.DevelopmentKey) : IDisposable
{
    public const string DevelopmentKey = "leadsens-dev-key";

    private readonly HttpClient http = new() { BaseAddress = server, DefaultRequestHeaders = { { "X-Api-Key", key } } };

    public Uri Server => server;

    /// <summary>The ICP that the demo and the benchmarks look for; the Sandbox's people match it about every second time.</summary>
    public static JsonObject Icp => new()
    {
        ["description"] = "Heads of sales and revenue at B2B software companies that outgrew their spreadsheet forecast",
        ["jobTitles"] = new JsonArray("Head of Sales", "VP Sales", "Sales Director", "Chief Revenue Officer"),
        ["industries"] = new JsonArray("Software", "Computer Software", "Information Technology & Services"),
        ["countries"] = new JsonArray("France", "United States", "United Kingdom", "Germany"),
        ["companySizes"] = new JsonArray("50 - 100", "100 - 250", "250 - 500"),
    };

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    public async Task<Guid> CreateCampaignAsync(string name, int limit, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["name"] = name, ["icp"] = Icp, ["limit"] = limit };
        using var answer = await http.PostAsJsonAsync("/api/campaigns", request, cancellationToken);
        await ThrowUnlessOkAsync(answer, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid();
    }

    public async Task<CampaignView> GetCampaignAsync(Guid id, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<CampaignView>($"/api/campaigns/{id}", cancellationToken))!;

    public async Task<ApprovalView?> PendingApprovalAsync(Guid campaign, CancellationToken cancellationToken)
    {
        var page = await http.GetFromJsonAsync<PageOf<ApprovalView>>($"/api/approvals?campaignId={campaign}", cancellationToken);
        return page!.Items.FirstOrDefault(approval => string.Equals(approval.Status, "pending", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>False when somebody decided before.</summary>
    public async Task<bool> ApproveAsync(ApprovalView approval, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync($"/api/approvals/{approval.Id}/decision", new JsonObject { ["decision"] = "approve", ["contentHash"] = approval.ContentHash }, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Conflict) return false;
        await ThrowUnlessOkAsync(answer, cancellationToken);
        return true;
    }

    /// <summary>A fresh link that shows the approval and lets whoever holds it decide.</summary>
    public async Task<string> LinkAsync(Guid approval, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsync(new Uri($"/api/approvals/{approval}/link", UriKind.Relative), null, cancellationToken);
        await ThrowUnlessOkAsync(answer, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("url").GetString()!;
    }

    /// <summary>True when the chain of the campaign's receipts holds from its start to its head.</summary>
    public async Task<bool> ReceiptsVerifyAsync(Guid campaign, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{campaign}/receipts/verification", cancellationToken)).GetProperty("valid").GetBoolean();

    /// <summary>The status of the newest campaign: cheap enough to be asked many times a second.</summary>
    public async Task<string> NewestStatusAsync(CancellationToken cancellationToken)
    {
        var page = await http.GetFromJsonAsync<PageOf<JsonElement>>("/api/campaigns?limit=1", cancellationToken);
        return page!.Items[0].GetProperty("status").GetString()!;
    }

    /// <summary>All pages of a list.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var all = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var query = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=100{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var page = (await http.GetFromJsonAsync<PageOf<JsonElement>>(query, cancellationToken))!;
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    public void Dispose() => http.Dispose();

    private static async Task ThrowUnlessOkAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode) return;
        throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }
}
