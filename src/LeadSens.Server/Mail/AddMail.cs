using Microsoft.Extensions.Options;

namespace LeadSens.Server.Mail;

internal static class MailRegistration
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsRules>();
        services.AddSingleton<MailServers>().AddSingleton<Mails>().AddSingleton<SmtpSender>();
        services.AddJobHandler<SendMail, StoredMail, Delivery>();
        return services.AddHostedService<ForgetMails>();
    }
}
