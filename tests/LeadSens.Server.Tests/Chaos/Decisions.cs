using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>Decides whatever waits for a decision, through a node drawn at random; some twice, some through two nodes at the same moment. What a dying
/// node did not answer is decided again.</summary>
internal sealed class Decisions(TestDatabase database, Random random)
{
    private const string WaitingSql =
        "select jsonb_build_object('id', id, 'instance', instance_id, 'box', activity_id, 'task', substring(key from 6))::text from workflow_bookmarks where state = 0 and activity_id <> 'delay'";

    private readonly ConcurrentDictionary<Guid, bool> _decided = [];

    public async Task DecideAsync(IReadOnlyList<HttpClient> nodes)
    {
        var waiting = (await database.ListAsync<string>(WaitingSql)).Select(row => JsonNode.Parse(row)!).Where(wait => !_decided.ContainsKey((Guid)wait["id"]!)).ToArray();
        random.Shuffle(waiting);
        var plans = waiting.Select(wait => (wait, First: nodes[random.Next(nodes.Count)], Second: nodes[random.Next(nodes.Count)], Again: random.NextDouble())).ToList();
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (plan, _) =>
        {
            var (wait, first, second, again) = plan;
            var done = again switch
            {
                < 0.2 => await DecideAsync(first, wait) | await DecideAsync(second, wait),
                < 0.4 => (await Task.WhenAll(nodes.Select(node => DecideAsync(node, wait)))).Any(answered => answered),
                _ => await DecideAsync(first, wait),
            };
            if (done)
                _decided[(Guid)wait["id"]!] = true;
        });
    }

    private async Task<bool> DecideAsync(HttpClient node, JsonNode wait)
    {
        try
        {
            using var answer = await SendAsync(node, wait);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception died) when (died is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient node, JsonNode wait) => (string)wait["box"]! switch
    {
        "event" => await PostAsync(node, "events/decided/trigger", new JsonObject { ["workflowInstanceId"] = (string)wait["instance"]! }),
        "link" => await FollowAsync(node, (string)wait["id"]!),
        _ => await PostAsync(node, $"tasks/{(string)wait["task"]!}/complete", new JsonObject { ["result"] = "yes" }),
    };

    private static async Task<HttpResponseMessage> FollowAsync(HttpClient node, string bookmark)
    {
        var made = await PostAsync(node, $"bookmarks/{bookmark}/link", []);
        if (!made.IsSuccessStatusCode)
            return made;
        using (made)
            return await node.PostAsync(new Uri((string)(await made.Content.ReadFromJsonAsync<JsonObject>())!["url"]!).PathAndQuery, null);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient node, string path, JsonObject body) => node.PostAsync($"/elsa/api/{path}", JsonContent.Create(body));
}
