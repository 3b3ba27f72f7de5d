using LeadSens.Server.Data;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Deletes old requests with their answers, once an hour, in small batches.</summary>
internal sealed class ForgottenRequests(SystemDatabase database, IOptions<IncomingOptions> options, TimeProvider time, ILogger<ForgottenRequests> log) : BackgroundService
{
    private const int Portion = 500;

    private const string Sql = """
        delete from workflow_http_requests where id in (
            select id from workflow_http_requests where created_at < clock_now() - make_interval(hours => $1) order by created_at limit $2 for update skip locked)
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        do
        {
            try
            {
                await ForgetAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                log.SweepBroke(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        while (await database.ExecuteAsync(Sql, cancellationToken, options.Value.RememberHours, Portion) == Portion) ;
    }
}
