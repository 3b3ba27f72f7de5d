using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadSens.Bench.Workflows;
using LeadSens.Demo;

namespace LeadSens.Bench.Neighbours;

/// <summary>How long a customer's work took, in milliseconds.</summary>
internal sealed class WorkTimes
{
    public ConcurrentBag<double> Starts { get; } = [];
    public ConcurrentBag<double> Reads { get; } = [];
    public ConcurrentBag<double> Campaigns { get; } = [];
    public ConcurrentBag<string> Failures { get; } = [];

    public double Median => Statistics.Percentile([.. Reads], 0.5);

    public double Milliseconds(string what) => what switch
    {
        "run start p99" => Statistics.Percentile([.. Starts], 0.99),
        "read p99" => Statistics.Percentile([.. Reads], 0.99),
        _ => Statistics.Median(Campaigns),
    };
}

/// <summary>Campaigns one after the other, and beside them runs that are started and pages that are read at a fixed pace, however long they take.</summary>
internal sealed class Customer(ApiClient api, int leads) : IDisposable
{
    private const string Workflow = "customer";
    private static readonly TimeSpan StartEvery = TimeSpan.FromMilliseconds(50), ReadEvery = TimeSpan.FromMilliseconds(25), Pace = TimeSpan.FromMilliseconds(50), WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private static readonly string[] Pages =
        ["/api/campaigns?limit=20", "/api/leads?limit=50", "/api/jobs?limit=20", "/api/approvals?limit=20", "/elsa/api/workflow-definitions?page=0&pageSize=20"];

    private readonly HttpClient http = new() { BaseAddress = api.Server, DefaultRequestHeaders = { { "X-Api-Key", ApiClient.DevelopmentKey } }, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Publishes the workflow that it starts, and warms the Server up.</summary>
    public async Task SettleInAsync(CancellationToken cancellationToken)
    {
        var graph = JsonNode.Parse(Graph.Line(Workflow,
            Graph.Box("first", "Elsa.WriteLine", "text", "String", "Literal", "begun"),
            Graph.Box("second", "Elsa.WriteLine", "text", "String", "JavaScript", "'number ' + (getVariable('count') + 1)"),
            Graph.Box("third", "Elsa.WriteLine", "text", "String", "JavaScript", "[3, 1, 2].sort().map(n => n * 2).join(',')")));
        using var saved = await http.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = graph, ["publish"] = true }, cancellationToken);
        if (!saved.IsSuccessStatusCode) throw new InvalidOperationException($"The customer's workflow was not saved: {await saved.Content.ReadAsStringAsync(cancellationToken)}");
        await WorkAsync(new(), WarmUp, cancellationToken);
    }

    /// <summary>For at least this long; the campaign that runs then is awaited.</summary>
    public async Task WorkAsync(WorkTimes times, TimeSpan time, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (began, page) = (Stopwatch.GetTimestamp(), 0);
        var paced = new[]
        {
            AtPaceAsync(StartEvery, times.Starts, times.Failures, () => http.PostAsJsonAsync($"/elsa/api/workflow-definitions/{Workflow}/execute", new { }, cancellationToken), over.Token),
            AtPaceAsync(ReadEvery, times.Reads, times.Failures, () => http.GetAsync(new Uri(Pages[Interlocked.Increment(ref page) % Pages.Length], UriKind.Relative), cancellationToken), over.Token),
        };
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            await CampaignAsync(times, cancellationToken);
        }
        await over.CancelAsync();
        await Task.WhenAll(paced);
    }

    public void Dispose() => http.Dispose();

    /// <summary>From the request that starts it to its end, approved as soon as it asks. A customer whose request was refused asks again.</summary>
    private async Task CampaignAsync(WorkTimes times, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        Guid? id = null;
        while (true)
        {
            if (Stopwatch.GetElapsedTime(began) > Longest) throw new InvalidOperationException($"A customer's campaign did not end within {Longest.TotalMinutes} minutes.");
            try
            {
                id ??= await api.CreateCampaignAsync("Beside a neighbour", leads, cancellationToken);
                var campaign = await api.GetCampaignAsync(id.Value, cancellationToken);
                if (campaign.Status == "AwaitingApproval" && await api.PendingApprovalAsync(id.Value, cancellationToken) is { } approval) await api.ApproveAsync(approval, cancellationToken);
                if (campaign.Status is "Faulted" or "Cancelled") times.Failures.Add($"campaign {campaign.Status}");
                if (campaign.Status is "Completed" or "Faulted" or "Cancelled") break;
            }
            catch (Exception refused) when (refused is HttpRequestException or InvalidOperationException)
            {
                times.Failures.Add($"campaign: {refused.Message}");
            }
            await Task.Delay(Pace, TimeProvider.System, cancellationToken);
        }
        times.Campaigns.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    private static async Task AtPaceAsync(TimeSpan every, ConcurrentBag<double> times, ConcurrentBag<string> failures, Func<Task<HttpResponseMessage>> send, CancellationToken over)
    {
        using var timer = new PeriodicTimer(every);
        var sent = new List<Task>();
        try
        {
            while (await timer.WaitForNextTickAsync(over)) sent.Add(TimedAsync(times, failures, send));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sent);
        }
    }

    private static async Task TimedAsync(ConcurrentBag<double> times, ConcurrentBag<string> failures, Func<Task<HttpResponseMessage>> send)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await send();
            if (!answer.IsSuccessStatusCode) failures.Add($"{(int)answer.StatusCode} {answer.RequestMessage!.RequestUri!.AbsolutePath}");
        }
        catch (HttpRequestException fault)
        {
            failures.Add(fault.Message);
        }
        times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}
