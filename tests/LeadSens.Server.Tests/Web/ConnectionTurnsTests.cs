using System.Net;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadSens.Server.Tests.Web;

public sealed class ConnectionTurnsTests
{
    [Fact]
    public async Task Whatever_one_address_sends_at_once_another_ones_request_is_begun_at_once()
    {
        var turns = new ConnectionTurns();
        var (many, one) = (turns.Enter(1), turns.Enter(2));
        using var held = new ManualResetEventSlim();
        var begun = 0;
        var all = Enumerable.Range(0, 500).Select(_ => BeginAsync()).ToList();

        await TurnAsync(one);

        Volatile.Read(ref begun).ShouldBeLessThanOrEqualTo(Environment.ProcessorCount);
        held.Set();
        await Task.WhenAll(all);
        begun.ShouldBe(500);

        async Task BeginAsync()
        {
            await many.Next();
            Interlocked.Increment(ref begun);
            held.Wait();
        }
    }

    [Fact]
    public async Task A_turn_lasts_until_its_work_waits_for_something()
    {
        var lane = new ConnectionTurns().Enter(1);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Enumerable.Range(0, 10 * Environment.ProcessorCount).Select(_ => WaitAsync()).ToList();

        await TurnAsync(lane);

        gate.SetResult();
        await Task.WhenAll(waiting);

        async Task WaitAsync()
        {
            await lane.Next();
            await gate.Task;
        }
    }

    [Fact]
    public async Task An_address_without_connections_is_forgotten_and_requests_of_every_size_come_through()
    {
        var turns = new ConnectionTurns();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => turns.InvokeAsync(connection, next)));
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        await using var app = builder.Build();
        app.MapPost("/", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return Results.Bytes(body.ToArray());
        });
        await app.StartAsync();
        var bytes = new byte[3_000_000];
        new Random(7).NextBytes(bytes);
        using (var http = new HttpClient { BaseAddress = new(app.Urls.Single()) })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
            {
                var sent = bytes.AsMemory(0, number * number * number * number);
                using var answer = await http.PostAsync(new Uri("/", UriKind.Relative), new ReadOnlyMemoryContent(sent));
                return (await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(sent.Span);
            }));
            answers.ShouldAllBe(same => same);
            turns.Addresses.ShouldBe(1);
        }

        await Eventually.Be(() => turns.Addresses == 0, TimeSpan.FromSeconds(20));
    }

    private static async Task TurnAsync(ConnectionTurns.Lane lane) => await lane.Next();
}
