using LeadSens.Server.Jobs;
using MassTransit;

namespace Microsoft.Extensions.DependencyInjection;

internal static class BusRegistration
{
    /// <summary>RabbitMQ when <c>LeadSens:Bus</c> is an <c>amqp://</c> address, else in memory.</summary>
    public static IServiceCollection AddBus(this IServiceCollection services, string? address)
    {
        services.AddMassTransit(bus =>
        {
            // The library would tell its maker how it is used.
            bus.DisableUsageTelemetry();
            bus.AddConsumer<WorkAvailableConsumer>().Endpoint(endpoint => (endpoint.Temporary, endpoint.InstanceId) = (true, Guid.CreateVersion7().ToString("N")));
            if (string.IsNullOrWhiteSpace(address)) bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            else bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(address), host => host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5)));
                rabbit.ConfigureEndpoints(context);
            });
        });
        // The Server starts without its broker; the outbox waits for it (BusState) and publishes nothing before every endpoint is declared.
        services.Configure<MassTransitHostOptions>(host => (host.WaitUntilStarted, host.StopTimeout) = (false, TimeSpan.FromSeconds(5)));
        services.AddSingleton<BusState>();
        return services;
    }
}
