using System.Text.Json;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace LeadSens.Server.UseCases;

/// <summary>A use case for those who know its name and its types only when it is called: chat tools, MCP. All of them are the services of this type.</summary>
/// <param name="RunAsync">With the request as JSON, whose schema is that of <paramref name="Request"/>; the last text is the caller's key.</param>
internal sealed record DeclaredUseCase(
    UseCase Declaration, Type Request, Type Answer, Func<IServiceProvider, Caller, JsonElement, string?, CancellationToken,
        Task<Outcome<JsonElement>>> RunAsync)
{
    public static DeclaredUseCase Of<TUseCase, TRequest, TAnswer>() where TUseCase : class, IUseCase<TUseCase, TRequest, TAnswer> => new(
        TUseCase.Declaration, typeof(TRequest), typeof(TAnswer), async (services, caller, json, key, cancellationToken) =>
        {
            var options = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            TRequest? request;
            try
            {
                request = json.Deserialize<TRequest>(options);
            }
            catch (JsonException unreadable)
            {
                return Refusal.Invalid(UnreadableRequest.ErrorsOf(unreadable));
            }

            if (request is null) return Refusal.Invalid("body", "A JSON object is expected here.");
            var outcome = await services.GetRequiredService<UseCaseRunner>().RunAsync(services.GetRequiredService<TUseCase>(), caller, request, key,
                cancellationToken);
            return outcome.Map(answer => JsonSerializer.SerializeToElement(answer, options));
        });
}
