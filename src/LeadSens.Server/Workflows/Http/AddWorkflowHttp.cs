using System.Net;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Workflows.Http;

namespace Microsoft.Extensions.DependencyInjection;

internal static class WorkflowHttpRegistration
{
    /// <summary>What boxes need to speak HTTP.</summary>
    public static IServiceCollection AddWorkflowHttp(this IServiceCollection services)
    {
        services.AddOptions<OutgoingOptions>().BindConfiguration(OutgoingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync).AddSingleton<CheckedConnection>().AddSingleton<CallRetries>();
        services.AddSingleton<IHttpCalls, HttpCalls>();
        services.AddOptions<IncomingOptions>().BindConfiguration(IncomingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IHttpAnswers, HttpAnswers>().AddSingleton<EndpointLookup>().AddSingleton<HttpRequests>().AddSingleton<AnswerWait>().AddSingleton<WorkflowEndpoints>();
        return services.AddHostedService<ForgottenRequests>();
    }
}
